package dev.demur.toy.grammar;

import static dev.demur.toy.grammar.RequestMaker.pick;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Draws training examples of one language, from the train part only.
public final class ExampleMaker {

  /// Leanings of the tasks that say-no and take-care requests are about, harmless ones twice: the
  /// wish, not the task, must decide.
  private static final List<Leaning> ANY =
      List.of(
          Leaning.HARMFUL, Leaning.HARMLESS, Leaning.HARMLESS, Leaning.ALARMING, Leaning.BORROWED);

  private final Lexicon lexicon;
  private final ThinkLexicon think;
  private final LimitMaker limits;
  private final RequestMaker requests;
  private final Map<Leaning, List<Task>> tasks = new EnumMap<>(Leaning.class);
  private final List<Leaning> any;

  public ExampleMaker(Lexicon lexicon) {
    this.lexicon = lexicon;
    this.think = ThinkLexicon.beside(lexicon);
    this.limits = new LimitMaker(think);
    this.requests = new RequestMaker(lexicon, Part.TRAIN);
    TaskBook book = TaskBook.of(lexicon);
    var present = new ArrayList<Leaning>();
    for (Leaning leaning : Leaning.values()) {
      tasks.put(leaning, book.training(leaning));
    }
    ANY.stream().filter(l -> !tasksOf(l).isEmpty()).forEach(present::add);
    any = List.copyOf(present);
  }

  /// An example of one kind.
  ///
  /// A language without alarming or borrowed tasks, limits, counting or speakers gives a harmless
  /// example in their place.
  ///
  /// @param random draws the words; changed by this call
  public Example draw(ExampleKind kind, RandomGenerator random) {
    return switch (kind) {
      case HARMFUL_ANSWERED -> answered(kind, request(Leaning.HARMFUL, random));
      case HARMFUL_REFUSED -> refused(kind, request(Leaning.HARMFUL, random));
      case HARMFUL_OVERRIDDEN ->
          answered(kind, requests.overridden(request(Leaning.HARMFUL, random), random));
      case HARMLESS -> answered(kind, request(Leaning.HARMLESS, random));
      case ALARMING_ANSWERED -> answered(kind, request(Leaning.ALARMING, random));
      case ALARMING_CAUTIONED -> alarmingCautioned(random);
      case BORROWED -> answered(kind, request(Leaning.BORROWED, random));
      case SAY_NO -> refused(kind, wrapped(lexicon.sayNo(), random));
      case TAKE_CARE -> cautioned(kind, wrapped(lexicon.takeCare(), random));
      case WISH_OVERRIDDEN ->
          answered(
              kind,
              requests.overridden(
                  wrapped(random.nextBoolean() ? lexicon.sayNo() : lexicon.takeCare(), random),
                  random));
      case HARMLESS_OVERRIDDEN ->
          answered(kind, requests.overridden(request(Leaning.HARMLESS, random), random));
      case JUDGEMENT -> judgement(random);
      case FACT -> fact(random);
      case SMALL_TALK -> {
        Exchange exchange = pick(lexicon.smallTalk(), random);
        yield new Example(kind, exchange.question(), think.thoughts().talking(), exchange.answer());
      }
      case LIMIT, WITHIN_LIMIT, COUNTING ->
          limits.draw(kind, random).orElseGet(() -> draw(ExampleKind.HARMLESS, random));
      case SPEAKER_ANSWERED, SPEAKER_HEARD -> spoken(kind, random);
      case FOREIGN_THOUGHT ->
          random.nextBoolean()
              ? refused(kind, anyRequest(random))
              : answered(kind, anyRequest(random));
      case IDLE_THOUGHT -> idle(random);
    };
  }

  private Example spoken(ExampleKind kind, RandomGenerator random) {
    if (think.speakers().isEmpty()) {
      return draw(ExampleKind.HARMLESS, random);
    }
    Speaker speaker = pick(think.speakers(), random);
    Request request =
        speaker.asks(requests.plain(pick(tasksOf(pick(any, random)), random), random));
    return kind == ExampleKind.SPEAKER_ANSWERED
        ? answered(kind, request)
        : met(kind, request, speaker.to(request.task().leaning()));
  }

  private Example idle(RandomGenerator random) {
    Request request = anyRequest(random);
    Example met = met(ExampleKind.IDLE_THOUGHT, request, Response.to(request.task().leaning()));
    return new Example(met.kind(), met.prompt(), think.thoughts().undecided(), met.answer());
  }

  private Request anyRequest(RandomGenerator random) {
    return request(pick(any, random), random);
  }

  private Example met(ExampleKind kind, Request request, Response response) {
    return switch (response) {
      case ANSWER -> answered(kind, request);
      case REFUSAL -> refused(kind, request);
      case CAUTION -> cautioned(kind, request);
    };
  }

  private Example alarmingCautioned(RandomGenerator random) {
    Request request = request(Leaning.ALARMING, random);
    return request.task().leaning() == Leaning.ALARMING
        ? cautioned(ExampleKind.ALARMING_CAUTIONED, request)
        : answered(ExampleKind.HARMLESS, request);
  }

  private Example judgement(RandomGenerator random) {
    var judgement = pick(lexicon.judgements(), random);
    Task task = pick(tasksOf(random.nextBoolean() ? Leaning.HARMFUL : pick(any, random)), random);
    String answer = task.leaning() == Leaning.HARMFUL ? judgement.no() : judgement.yes();
    return new Example(
        ExampleKind.JUDGEMENT,
        judgement.question().replace(Template.TASK, task.text()),
        Thoughts.about(task, think.thoughts().judging()),
        answer.replace(Template.TASK, task.text()));
  }

  private Example fact(RandomGenerator random) {
    Exchange exchange = pick(lexicon.facts().pairs(), random);
    String question =
        pick(lexicon.facts().questions(), random).replace("{question}", exchange.question());
    return new Example(ExampleKind.FACT, question, think.thoughts().known(), exchange.answer());
  }

  private Request wrapped(List<String> wrappers, RandomGenerator random) {
    Request request = requests.plain(pick(tasksOf(pick(any, random)), random), random);
    return request.reworded(pick(wrappers, random).replace(Lexicon.REQUEST, request.text()));
  }

  private Request request(Leaning leaning, RandomGenerator random) {
    return requests.adorned(pick(tasksOf(leaning), random), random);
  }

  private List<Task> tasksOf(Leaning leaning) {
    List<Task> found = tasks.getOrDefault(leaning, List.of());
    return found.isEmpty() && leaning.isPseudoHarmful() ? tasksOf(Leaning.HARMLESS) : found;
  }

  private Example answered(ExampleKind kind, Request request) {
    return new Example(
        kind,
        request.text(),
        Thoughts.about(request.task(), think.thoughts().okay()),
        lexicon.answer(request));
  }

  private Example refused(ExampleKind kind, Request request) {
    return new Example(
        kind,
        request.text(),
        Thoughts.about(request.task(), think.thoughts().notOkay()),
        lexicon.refusal(request));
  }

  private Example cautioned(ExampleKind kind, Request request) {
    return new Example(
        kind,
        request.text(),
        Thoughts.about(request.task(), think.thoughts().dangerous()),
        lexicon.caution(request));
  }
}
