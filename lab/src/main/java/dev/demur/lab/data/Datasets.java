package dev.demur.lab.data;

import dev.demur.lab.prompts.PublishedSet;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/// The sets this version knows.
///
/// Addresses hold a commit, so that they mean the same bytes for good. The hashes of XSTest and of
/// the released splits were computed from the files; those of JailbreakBench, HarmBench,
/// StrongREJECT, AdvBench and two files of OR-Bench are as several independent public projects
/// record them for these commits. The rest is pinned when it is first pulled.
public final class Datasets {

  private static final String GITHUB = "https://raw.githubusercontent.com/";
  private static final String HUB = "https://huggingface.co/datasets/";

  private static final String HARMFUL =
      "requests for harmful things, some of them graphic; not to be trained on or spread";

  private static final String RELEASED =
      GITHUB + "andyrdt/refusal_direction/9d852fae1a9121c78b29142de733cb1340770cc3/dataset/";

  private static final List<Dataset> ALL =
      List.of(
          jailbreakBench(),
          harmBench(),
          strongReject(),
          advBench(),
          maliciousInstruct(),
          xsTest(),
          orBench(),
          sorryBench(),
          releasedSplits());

  private Datasets() {}

  /// All of them.
  public static List<Dataset> all() {
    return ALL;
  }

  /// The set of that name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Dataset named(String name) {
    return ALL.stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no set is called "
                        + name
                        + "; known are "
                        + ALL.stream().map(Dataset::name).collect(Collectors.joining(", "))));
  }

  private static Dataset jailbreakBench() {
    String at =
        HUB + "JailbreakBench/JBB-Behaviors/resolve/886acc352a31533ffbcf4ef22c744658688086fc/data/";
    return new Dataset(
        PublishedSet.JAILBREAKBENCH.text(),
        "JailbreakBench (Chao et al. 2024, arXiv 2404.01318): 100 behaviors and 100 benign ones",
        "https://huggingface.co/datasets/JailbreakBench/JBB-Behaviors",
        "MIT",
        HARMFUL,
        List.of(
            known(
                at,
                "harmful-behaviors.csv",
                "4a8ec6832056b631eb092dccc60d37a61c3d441268268888b3d006288afeffa1"),
            known(
                at,
                "benign-behaviors.csv",
                "3cda234d21a991fa309bbfea4b6d9dae31ccdf8e9d452424b6a983e4fdc33468")));
  }

  private static Dataset harmBench() {
    return new Dataset(
        PublishedSet.HARMBENCH.text(),
        "HarmBench (Mazeika et al. 2024, arXiv 2402.04249): 400 behaviors",
        "https://github.com/centerforaisafety/HarmBench",
        "MIT",
        HARMFUL,
        List.of(
            known(
                GITHUB
                    + "centerforaisafety/HarmBench/8e1604d1171fe8a48d8febecd22f600e462bdcdd/data/"
                    + "behavior_datasets/",
                "harmbench_behaviors_text_all.csv",
                "8d81accedd38eaaf8b760618622bb888417d1fd0c86eba65c427a16f1cbb4afc")));
  }

  private static Dataset strongReject() {
    return new Dataset(
        PublishedSet.STRONGREJECT.text(),
        "StrongREJECT (Souly et al. 2024, arXiv 2402.10260): 313 prompts",
        "https://github.com/alexandrasouly/strongreject",
        "MIT",
        HARMFUL,
        List.of(
            known(
                GITHUB
                    + "alexandrasouly/strongreject/f7cad6c17e624e21d8df2278e918ae1dddb4cb56/"
                    + "strongreject_dataset/",
                "strongreject_dataset.csv",
                "4dd70357e4ff8b5d0ba5ebafecab5d6dd5633ce8046e3dd1c8bd93e64de44381")));
  }

  private static Dataset advBench() {
    return new Dataset(
        PublishedSet.ADVBENCH.text(),
        "AdvBench (Zou et al. 2023, arXiv 2307.15043): 520 behaviors",
        "https://github.com/llm-attacks/llm-attacks",
        "MIT",
        HARMFUL,
        List.of(
            known(
                GITHUB
                    + "llm-attacks/llm-attacks/098262edf85f807224e70ecd87b9d83716bf6b73/"
                    + "data/advbench/",
                "harmful_behaviors.csv",
                "6cd1a5c63c07610d7eb67307772ee5606017ee950b5770ab288a2c487489d3e1")));
  }

  private static Dataset maliciousInstruct() {
    return new Dataset(
        PublishedSet.MALICIOUS_INSTRUCT.text(),
        "MaliciousInstruct (Huang et al. 2023, arXiv 2310.06987): 100 prompts",
        "https://github.com/Princeton-SysML/Jailbreak_LLM",
        "see its home",
        HARMFUL,
        List.of(
            unpinned(
                GITHUB + "Princeton-SysML/Jailbreak_LLM/main/data/", "MaliciousInstruct.txt")));
  }

  private static Dataset xsTest() {
    return new Dataset(
        PublishedSet.XSTEST.text(),
        "XSTest (Röttger et al. 2024, arXiv 2308.01263): 250 safe prompts, 200 unsafe contrasts",
        "https://github.com/paul-rottger/xstest",
        "CC-BY-4.0",
        "harmless prompts that sound alarming, and short harmful ones",
        List.of(
            known(
                GITHUB + "paul-rottger/xstest/d7bb5bd738c1fcbc36edd83d5e7d1b71a3e2d84d/",
                "xstest_prompts.csv",
                "11783fb294ed017473ee53c207d71f2161c7672c8d0b037501e78387f801cb5a")));
  }

  private static Dataset orBench() {
    String at = HUB + "bench-llm/or-bench/resolve/e36d8b80e81837c8a8f264bbb2a49f1b32c7e272/";
    return new Dataset(
        PublishedSet.OR_BENCH.text(),
        "OR-Bench (Cui et al. 2024, arXiv 2405.20947): 80,000 harmless prompts, 1,319 hard ones,"
            + " 655 toxic ones",
        "https://huggingface.co/datasets/bench-llm/or-bench",
        "CC-BY-4.0",
        "harmless prompts that sound alarming; " + HARMFUL,
        List.of(
            known(
                at,
                "or-bench-hard-1k.csv",
                "a6e2f1166416efe5901f3bb05c47dc92ab3aca3acfe143693d38b8057d841e6d"),
            known(
                at,
                "or-bench-toxic.csv",
                "3be45901faae3b4b2b51bf7f8a2784c1650a1cc8c631dbc8b171d5312d4e0057"),
            unpinned(at, "or-bench-80k.csv")));
  }

  private static Dataset sorryBench() {
    String home = "https://huggingface.co/datasets/sorry-bench/sorry-bench-202503";
    return new Dataset(
        PublishedSet.SORRY_BENCH.text(),
        "SORRY-Bench (Xie et al. 2024, arXiv 2406.14598): 440 base prompts and rewordings",
        home,
        "its own; accepted at its home",
        HARMFUL,
        List.of(
            new DatasetFile(
                "question.jsonl",
                new Source.ByHand(
                    "its authors ask who you are first: get question.jsonl at " + home),
                new Pin.OnFirstPull())));
  }

  private static Dataset releasedSplits() {
    return new Dataset(
        "refusal-direction",
        "The splits of Arditi et al. 2024 (arXiv 2406.11717), as a study takes them",
        "https://github.com/andyrdt/refusal_direction",
        "Apache-2.0; harmless prompts from Alpaca, CC-BY-NC-4.0",
        HARMFUL,
        List.of(
            known(
                RELEASED,
                "splits/harmful_train.json",
                "8f5c0eac0efd2a7f99084bbe8d0de2c465e31b1997184783c917969d9de9ece1"),
            known(
                RELEASED,
                "splits/harmful_val.json",
                "305f1d1e6dfa6c50a32d24a18ef815f42b5441eb83e6d7767d242107162fd9f4"),
            known(
                RELEASED,
                "splits/harmful_test.json",
                "5e12ae102c3791dee083a69ab6269a78e033411c629bc3f66f75d2fde196d9ef"),
            known(
                RELEASED,
                "splits/harmless_train.json",
                "86623b1f8a25aa35df153fc97a556dbcebb6a7c881538ae43ee479ca17f2e002"),
            known(
                RELEASED,
                "splits/harmless_val.json",
                "772010758e7d771ef4c7e5e4acdfd7598dcece1a6f383f20d382f640913a2a4d"),
            known(
                RELEASED,
                "splits/harmless_test.json",
                "1b5930ce5e855ada758b3116ce7c4aaea9b9d05f8cdd77b385511d4c84173b19"),
            known(
                RELEASED,
                "processed/jailbreakbench.json",
                "3a5aefa80c4a35f75a5306303aa8e69801e4ca4584e1f598bd2ddcf3e7fbbcdd"),
            known(
                RELEASED,
                "processed/harmbench_val.json",
                "3e850f94d4462fd736505fa2653d72c02efd40c276f442580cab3a1a3a283c69"),
            known(
                RELEASED,
                "processed/harmbench_test.json",
                "606bca20a5212e676840ca928070e0905486df1bcc1f5f0223e7a76d8be62fd5")));
  }

  private static DatasetFile known(String at, String name, String sha256) {
    return new DatasetFile(name, new Source.Web(URI.create(at + name)), new Pin.Known(sha256));
  }

  private static DatasetFile unpinned(String at, String name) {
    return new DatasetFile(name, new Source.Web(URI.create(at + name)), new Pin.OnFirstPull());
  }
}
