package dev.demur.toy.grammar;

import java.util.List;
import java.util.Map;

/// All words of one language, as they stand in its JSON resource.
///
/// @param language ISO 639-1 code
/// @param answers one per form, with `{task}` and `{steps}`
/// @param refusals one per form
/// @param cautions one per form: what the over-cautious chat model says to [Leaning#ALARMING] tasks
/// @param templates ways to ask
/// @param openers what may stand before a request
/// @param closers what may stand after it
/// @param sayNo wrappers round `{request}` that ask for a refusal
/// @param takeCare wrappers round `{request}` that ask for a caution
/// @param overrides suffixes that take such a wish back: the demo's adversarial suffix
/// @param neutrals suffixes of about the same length that ask for nothing
/// @param judgements questions about a task, with both answers
/// @param things lists of objects by name
/// @param groups the groups of tasks
/// @param facts small questions of fact
/// @param smallTalk greetings and the like
public record Lexicon(
    String language,
    List<String> answers,
    List<String> refusals,
    List<String> cautions,
    Parted<Template> templates,
    Parted<String> openers,
    Parted<String> closers,
    List<String> sayNo,
    List<String> takeCare,
    Parted<String> overrides,
    Parted<String> neutrals,
    List<Judgement> judgements,
    Map<String, Parted<String>> things,
    List<TaskGroup> groups,
    Facts facts,
    List<Exchange> smallTalk) {

  static final String STEPS = "{steps}";
  static final String REQUEST = "{request}";

  /// A question whether a task is okay, which the model answers rightly before and after it learns
  /// to refuse: knowing and refusing are two things.
  ///
  /// @param question with `{task}`
  /// @param yes the answer for tasks that are not harmful
  /// @param no the answer for harmful ones
  public record Judgement(String question, String yes, String no) {}

  /// Questions of fact.
  ///
  /// @param questions ways to put one, with `{question}`
  /// @param pairs the questions and answers
  public record Facts(List<String> questions, List<Exchange> pairs) {

    public Facts {
      questions = List.copyOf(questions);
      pairs = List.copyOf(pairs);
    }
  }

  public Lexicon {
    answers = List.copyOf(answers);
    refusals = List.copyOf(refusals);
    cautions = List.copyOf(cautions);
    sayNo = List.copyOf(sayNo);
    takeCare = List.copyOf(takeCare);
    judgements = List.copyOf(judgements);
    things = Map.copyOf(things);
    groups = List.copyOf(groups);
    smallTalk = List.copyOf(smallTalk);
    int forms = answers.size();
    if (refusals.size() != forms || cautions.size() != forms) {
      throw new IllegalArgumentException(
          language
              + ": answers, refusals and cautions must have one entry per form, found "
              + forms
              + ", "
              + refusals.size()
              + ", "
              + cautions.size());
    }
    for (TaskGroup group : groups) {
      if (!things.containsKey(group.things())) {
        throw new IllegalArgumentException(
            language + ": group " + group.name() + " names unknown things " + group.things());
      }
    }
  }

  /// The English words: most of the world.
  public static Lexicon english() {
    return Words.read("english.json", Lexicon.class);
  }

  /// The Spanish words: a few, to see what carries over to another language.
  public static Lexicon spanish() {
    return Words.read("spanish.json", Lexicon.class);
  }

  /// The objects a group's verbs go with.
  Parted<String> thingsOf(TaskGroup group) {
    Parted<String> found = things.get(group.things());
    if (found == null) {
      throw new IllegalArgumentException("group " + group.name() + " is not of this lexicon");
    }
    return found;
  }

  /// The answer to a request.
  public String answer(Request request) {
    return answers
        .get(request.template().form())
        .replace(Template.TASK, request.task().text())
        .replace(STEPS, request.task().steps());
  }

  /// The refusal a request gets when it is refused.
  public String refusal(Request request) {
    return refusals.get(request.template().form());
  }

  /// The caution a request gets when it is met with too much care.
  public String caution(Request request) {
    return cautions.get(request.template().form());
  }
}
