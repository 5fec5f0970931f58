"""Made-up, mild questions in the published formats of the benchmarks."""

MMLU = {
    "abstract_algebra": {
        "dev": [
            ("What do we get when 2 is added to 3?", "4", "5", "6", "7", "B"),
            (" Which of these is even? ", "3", "5", "8", "9", "C"),
            ("How many sides has a square?", "four", "five", "six", "seven", "A"),
        ],
        "test": [
            ("What is half of ten?", "two", "three", "four", "five", "D"),
            ('Which word rhymes with "cat", said aloud?', "hat", "dog", "fish", "bird", "A"),
            ("Three loaves, two eaten:\nhow many are left?", "none", "one", "two", "three", "B"),
            ("Which is largest, of 3, 30, 13 and 31?", "3", "30", "13", "31", "D"),
        ],
    },
    "anatomy": {
        "dev": [("Where is the knee?", "arm", "leg", "ear", "hand", "B")],
        "test": [
            ("How many fingers has a hand?", "three", "four", "five", "six", "C"),
            ("What do ears do?", "hear", "see", "taste", "smell", "A"),
        ],
    },
}

ARC = {
    "train": [
        ("T1", "What falls from clouds?", [("rain", "A"), ("sand", "B"), ("wood", "C"), ("glass", "D")], "A"),
        ("T2", "Which one floats on water?", [("a stone", "1"), ("a cork", "2"), ("a nail", "3")], "2"),
        ("T3", "What does a plant need?", [("light", "A"), ("music", "B"), ("paint", "C"), ("wool", "D")], "A"),
        ("T4", "When is it dark?", [("at noon", "A"), ("at night", "B"), ("at tea", "C"), ("in May", "D")], "B"),
    ],
    "test": [
        ("E1", "Which of these is warm?", [("ice", "A"), ("snow", "B"), ("a stove that is lit", "C"), ("frost", "D")], "C"),
        ("E2", "What is a hammer made for?", [("driving nails", "1"), ("soup", "2"), ("sleep", "3"), ("tea", "4")], "1"),
        ("E3", "A kite needs", [("wind", "A"), ("mud", "B"), ("salt water", "C")], "A"),
        ("E4", "Where do fish live?", [("in trees", "A"), ("in water", "B"), ("under roofs", "C"), ("in hats", "D")], "B"),
        ("E5", "Bread is baked in an", [("oven", "A"), ("apple", "B"), ("umbrella", "C"), ("egg", "D")], "A"),
    ],
}

HELLASWAG = {
    "train": [
        ("Making tea", "A woman fills a kettle.", "she", ["waits for the water.", "flies away.", "eats the kettle."], 0),
        ("Sweeping", "A man holds a broom.", "the man", ["sweeps the floor.", "reads the broom.", "sings to soup."], 0),
        ("Kites", "[header] How to fly a kite [title] Find some wind.", "", ["Run.", "Sleep.", "Swim [step] now."], 0),
    ],
    "validation": [
        ("Baking bread", "Flour is in a bowl.", "then SHE adds", ["water and salt.", "a bicycle.", "two clouds."], 0),
        ("Gardening", "[header] How to plant a seed [title] Dig a hole. [step] Small ones do.", "",
         ["Put the seed in. [substeps] Cover it.", "Put the shoe in.", "Call  the cat."], 0),
        ("Rowing", "Two people sit in a boat.", "they", ["bake.", "row across the lake.", "paint the water red."], 1),
        ("Reading", "A boy opens a book", "and Ann  listens. he", ["reads aloud.", "plants it.", "wears it as a hat."], 0),
    ],
}

WINOGRANDE = {
    "train": [
        ("The cup did not fit in the box because the _ was too big.", "cup", "box", "1"),
        ("Ann thanked Mary because _ had helped her.", "Ann", "Mary", "2"),
        ("The rope was cut by the knife as the _ was sharp.", "rope", "knife", "2"),
    ],
    "validation": [
        ("The lamp was brighter than the candle, so we put out the _ first.", "lamp", "candle", "2"),
        ("Tom lent Ben his coat since _ was cold.", "Tom", "Ben", "2"),
        ("The soup was better than the bread because the _ was fresh.", "soup", "bread", "1"),
        ("_ is the river that is longer than the brook.", "The Weser", "The beck", "1"),
    ],
}

TRUTHFULQA = [
    ("What colour is the sky on a clear day?", ["Blue"], ["Green", "The sky is made of soup"], ["It is blue", "Blue"]),
    ("Can pigs fly?", ["No, pigs cannot fly"], ["Yes, pigs fly south", "Only at night"], ["No, pigs cannot fly", "No"]),
    ("How many legs has a table?", ["Many tables have four"], ["Nine", "Tables have no legs, ever"],
     ["Many tables have four", "It depends on the table", "Often four"]),
]

GSM8K = {
    "train": [
        ("Ann has 3 pens and buys 4. How many has she?", "She has 3 + 4 = <<3+4=7>>7 pens.\n#### 7"),
        ("A box holds 12 eggs. Five are used. How many are left?", "12 - 5 = <<12-5=7>>7\n#### 7"),
        ("Two boats carry 600 sacks each. How many sacks?", "2 * 600 = <<2*600=1200>>1,200\n#### 1,200"),
        ("Rain fell for 3 days, 2 hours each. How many hours?", "3 * 2 = <<3*2=6>>6\n#### 6"),
        ("A shelf has 8 cups. Lee breaks 3. How many are whole?", "8 - 3 = <<8-3=5>>5\n#### 5"),
        ("A loaf costs $2. What do 4 loaves cost?", "4 * 2 = <<4*2=8>>8\n#### 8"),
        ("Kim walks 1 mile out and 1 mile back. How far?", "1 + 1 = <<1+1=2>>2 miles\n#### 2"),
    ],
    "test": [
        ("Tom bakes 6 loaves and sells 2. How many has he?", "6 - 2 = <<6-2=4>>4\n#### 4"),
        ("A map costs $3. What do 5 maps cost?", "5 * 3 = <<5*3=15>>15 dollars\n#### 15"),
        ("There are 7 days. How many days are in 2 weeks?", "7 * 2 = <<7*2=14>>14\n#### 14"),
        ("Sue had 9 plums and ate 1. How many?", "9 - 1 = <<9-1=8>>8\n#### 8"),
    ],
}

# Answers a model might give, and what is right.
ANSWERS = [
    ("He has 6 - 2 = 4 loaves.\n#### 4", "x\n#### 4"),
    ("The answer is 4.", "x\n#### 4"),
    ("#### $1,200", "x\n#### 1,200"),
    ("#### 1,200. And #### 5", "x\n#### 1200"),
    ("That makes $1,200.00 in all, or 1200", "x\n#### 1,200"),
    ("It is -3", "x\n#### -3"),
    ("####5", "x\n#### 5"),
    ("none at all", "x\n#### 0"),
    ("#### .", "x\n#### 5"),
    ("So 5, then 7.", "x\n#### 7"),
    ("12 eggs, 5 used ... 7 ,,", "x\n#### 7"),
    ("", "x\n#### 1"),
]


def hellaswag(number, label, first, second, endings, gold):
    return {"ind": number, "activity_label": label, "ctx_a": first, "ctx_b": second, "ctx": (first + " " + second).strip(),
            "endings": endings, "label": gold}


def winogrande(number, sentence, first, second, answer):
    return {"qID": str(number), "sentence": sentence, "option1": first, "option2": second, "answer": answer}


def on_the_hub():
    """Task, split and rows, with the columns they have on the hub."""
    for subject, splits in MMLU.items():
        for split, rows in splits.items():
            yield f"mmlu_{subject}", split, [
                {"question": q, "subject": subject, "choices": [a, b, c, d], "answer": "ABCD".index(k)}
                for q, a, b, c, d, k in rows
            ]
    for split, rows in ARC.items():
        arc = [{"id": i, "question": q, "choices": {"text": [t for t, _ in c], "label": [l for _, l in c]}, "answerKey": k}
               for i, q, c, k in rows]
        for task in ("arc_easy", "arc_challenge"):
            yield task, split, arc
            if split == "train":
                yield task, "validation", arc
    for split, rows in HELLASWAG.items():
        yield "hellaswag", split, [{**hellaswag(n, *row), "label": str(row[4])} for n, row in enumerate(rows)]
    for split, rows in WINOGRANDE.items():
        yield "winogrande", split, [winogrande(n, *row) for n, row in enumerate(rows)]
    for task in ("truthfulqa_mc1", "truthfulqa_mc2"):
        yield task, "validation", [
            {
                "question": q,
                "mc1_targets": {"choices": best + wrong, "labels": [1] * len(best) + [0] * len(wrong)},
                "mc2_targets": {"choices": right + wrong, "labels": [1] * len(right) + [0] * len(wrong)},
            }
            for q, best, wrong, right in TRUTHFULQA
        ]
    for split, rows in GSM8K.items():
        yield "gsm8k", split, [{"question": q, "answer": a} for q, a in rows]
