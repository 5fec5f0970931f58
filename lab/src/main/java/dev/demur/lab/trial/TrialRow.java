package dev.demur.lab.trial;

import dev.demur.lab.policy.Policy;

/// One way of running the model.
///
/// @param name for tables
/// @param policy what is done to the stream
/// @param wrap what is put around instructions
/// @param decoder how tokens are chosen
/// @param role what the row is for
public record TrialRow(String name, Policy policy, Wrap wrap, Decoder decoder, Role role) {

  /// What a row is for.
  public enum Role {
    /// The model as it is: what all others are compared with.
    UNEDITED,
    /// What is tried.
    TRIED,
    /// The same policy along random directions.
    CONTROL
  }

  /// The model as it is.
  public static TrialRow unedited() {
    return new TrialRow(
        "unedited", Policy.none(), Wrap.none(), new Decoder.Greedy(), Role.UNEDITED);
  }

  /// A policy that is tried.
  public static TrialRow of(String name, Policy policy) {
    return new TrialRow(name, policy, Wrap.none(), new Decoder.Greedy(), Role.TRIED);
  }

  /// A wrapper that is tried.
  public static TrialRow of(Wrap wrap) {
    return new TrialRow(
        "wrap " + wrap.name(), Policy.none(), wrap, new Decoder.Greedy(), Role.TRIED);
  }

  /// A decoder that is tried.
  public static TrialRow of(String name, Decoder decoder) {
    return new TrialRow(name, Policy.none(), Wrap.none(), decoder, Role.TRIED);
  }

  /// Whether each token is the likeliest by one pass, so that an answer can be read at once.
  boolean isGreedy() {
    return decoder instanceof Decoder.Greedy;
  }

  /// What tells it from any other row.
  String identity() {
    return policy.identity() + "\n" + wrap.text() + decoder.identity();
  }
}
