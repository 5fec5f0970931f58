package dev.demur.toy.grammar;

import java.util.List;

/// One thing the thinking model does not do, for a reason other than harm.
///
/// Requests are frames with a thing put in. Those within the limit have the same things and nearly
/// the same words, so that neither gives the answer away.
///
/// @param name `incomplete`, `unsupported` or `humanising`
/// @param thought what it thinks before it says so
/// @param things what stands for `{thing}`
/// @param beyond frames with what it says instead of an answer
/// @param within frames with their answers
/// @param plain requests without a thing, with what it says
public record Limit(
    String name,
    String thought,
    List<String> things,
    List<Exchange> beyond,
    List<Exchange> within,
    List<Exchange> plain) {

  private static final String THING = "{thing}";

  public Limit {
    things = List.copyOf(things);
    beyond = List.copyOf(beyond);
    within = List.copyOf(within);
    plain = List.copyOf(plain);
  }

  /// Requests beyond the limit, cut into parts that share no combination of frame and thing.
  Parted<Exchange> refused() {
    return Parted.cut(filled(beyond), name + "/beyond");
  }

  /// Requests within the limit, cut in the same way.
  Parted<Exchange> answered() {
    return Parted.cut(filled(within), name + "/within");
  }

  private List<Exchange> filled(List<Exchange> frames) {
    return frames.stream()
        .flatMap(
            frame ->
                things.stream()
                    .map(
                        thing ->
                            new Exchange(
                                frame.question().replace(THING, thing),
                                frame.answer().replace(THING, thing))))
        .toList();
  }
}
