package dev.demur.model.generate;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.util.OptionalInt;
import java.util.Set;

/// One prompt to be written on.
///
/// ```java
/// var request = Request.of(prompt, model.stopTokens(), 64).with(plan).sampling(sampler);
/// ```
///
/// Requests whose plans have the same edits (the same objects) are edited together, and may share
/// what their prompts begin with. So keep one plan for each policy, and let a request add its own
/// probes to it ([HookPlan#then]), rather than making a policy's plan anew for each request.
///
/// A plan sees its sequence as if it ran alone: positions count from the end of this prompt, and
/// [Rows#prompt][dev.demur.model.hook.Rows#prompt] is a number that no other request has while this
/// one runs.
///
/// @param prompt what is there already, at least one token
/// @param plan edits and probes of this sequence alone
/// @param sampler how its tokens are chosen
/// @param stopTokens ids that end it; not part of what is written
/// @param maxNewTokens tokens after which it is cut; 0 only where the prompt's likelihoods are
///   asked for
/// @param likeliest how many of the likeliest tokens are reported with each one, 0 to
///   [#MOST_LIKELIEST]; empty when no log-probabilities are reported at all
/// @param echo what is reported of the prompt
public record Request(
    TokenIds prompt,
    HookPlan plan,
    Sampler sampler,
    Set<Integer> stopTokens,
    int maxNewTokens,
    OptionalInt likeliest,
    Echo echo) {

  /// Alternatives a request may ask for.
  public static final int MOST_LIKELIEST = 100;

  /// What is reported of a prompt.
  public enum Echo {
    NOTHING,
    /// The likelihood of each of its tokens from the second on ([Listener#prompt]). What such a
    /// prompt begins with comes from another sequence only if that has told these likelihoods too.
    LIKELIHOODS
  }

  public Request {
    stopTokens = Set.copyOf(stopTokens);
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs at least one token");
    }
    if (maxNewTokens < (echo == Echo.NOTHING ? 1 : 0)) {
      throw new IllegalArgumentException("max new tokens must be >= 1, was " + maxNewTokens);
    }
    if (likeliest.isPresent()
        && (likeliest.getAsInt() < 0 || likeliest.getAsInt() > MOST_LIKELIEST)) {
      throw new IllegalArgumentException(
          "0 to " + MOST_LIKELIEST + " likeliest tokens can be reported, not " + likeliest);
    }
  }

  /// A greedy request of the unedited model.
  public static Request of(TokenIds prompt, Set<Integer> stopTokens, int maxNewTokens) {
    return new Request(
        prompt,
        HookPlan.none(),
        new Sampler.Greedy(),
        stopTokens,
        maxNewTokens,
        OptionalInt.empty(),
        Echo.NOTHING);
  }

  /// The log-probabilities of a prompt's tokens; nothing is written.
  ///
  /// @param likeliest how many of the likeliest tokens are reported with each one
  public static Request scoring(TokenIds prompt, int likeliest) {
    return new Request(
        prompt,
        HookPlan.none(),
        new Sampler.Greedy(),
        Set.of(),
        0,
        OptionalInt.of(likeliest),
        Echo.LIKELIHOODS);
  }

  /// The same under another plan.
  public Request with(HookPlan other) {
    return new Request(prompt, other, sampler, stopTokens, maxNewTokens, likeliest, echo);
  }

  /// The same with tokens chosen otherwise.
  public Request sampling(Sampler other) {
    return new Request(prompt, plan, other, stopTokens, maxNewTokens, likeliest, echo);
  }

  /// The same with the log-probability of each token, and so many of the likeliest beside it.
  public Request reporting(int count) {
    return new Request(
        prompt, plan, sampler, stopTokens, maxNewTokens, OptionalInt.of(count), echo);
  }

  /// The same with the likelihoods of the prompt's own tokens.
  public Request echoing() {
    return new Request(
        prompt,
        plan,
        sampler,
        stopTokens,
        maxNewTokens,
        OptionalInt.of(likeliest.orElse(0)),
        Echo.LIKELIHOODS);
  }
}
