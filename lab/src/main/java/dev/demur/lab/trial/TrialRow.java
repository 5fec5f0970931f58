package dev.demur.lab.trial;

import dev.demur.lab.policy.Policy;

/// One way of running the model.
///
/// @param name for tables
/// @param policy what is done to the stream
/// @param wrap what is put around instructions
/// @param decoder how tokens are chosen
/// @param weights of what version of the model
/// @param role what the row is for
public record TrialRow(
    String name, Policy policy, Wrap wrap, Decoder decoder, Weights weights, Role role) {

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
        "unedited", Policy.none(), Wrap.none(), new Decoder.Greedy(), Weights.own(), Role.UNEDITED);
  }

  /// A policy that is tried.
  public static TrialRow of(String name, Policy policy) {
    return tried(name, policy, Wrap.none(), new Decoder.Greedy(), Weights.own());
  }

  /// A wrapper that is tried.
  public static TrialRow of(Wrap wrap) {
    return tried("wrap " + wrap.name(), Policy.none(), wrap, new Decoder.Greedy(), Weights.own());
  }

  /// A decoder that is tried.
  public static TrialRow of(String name, Decoder decoder) {
    return tried(name, Policy.none(), Wrap.none(), decoder, Weights.own());
  }

  /// Another version of the model that is tried, such as one with an adapter.
  public static TrialRow of(String name, Weights weights) {
    return tried(name, Policy.none(), Wrap.none(), new Decoder.Greedy(), weights);
  }

  private static TrialRow tried(
      String name, Policy policy, Wrap wrap, Decoder decoder, Weights weights) {
    return new TrialRow(name, policy, wrap, decoder, weights, Role.TRIED);
  }

  /// The same under a policy that is this one's control.
  TrialRow control(Policy control) {
    return new TrialRow(name + " (random)", control, wrap, decoder, weights, Role.CONTROL);
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
