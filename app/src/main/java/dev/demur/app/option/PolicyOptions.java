package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.policy.Dose;
import dev.demur.lab.policy.Operator;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.Rule;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A policy, as it is named on the command line.
public final class PolicyOptions {

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description =
          "Follow a policy: a file, or a line such as \"ablate r; add 0.4 q @layer 14 @answer when"
              + " monitor > 0.7\". A name is the path of a direction, run folder, monitor or"
              + " policy, or one that --vector gives.")
  private @Nullable String policy;

  @Option(
      names = "--vector",
      paramLabel = "NAME=PATH",
      description = "What a name in --policy stands for; may be repeated.")
  private Map<String, Path> vectors = new LinkedHashMap<>();

  @Option(
      names = "--max-dose",
      paramLabel = "SHARE",
      description =
          "Scale down what a policy adds to at most this share of the stream's length, in the"
              + " median over a few neutral answers.")
  private @Nullable Double maxDose;

  /// The policy, checked against the model; empty when none is asked for. What its additions amount
  /// to is noted on the terminal. Belongs to the caller's innermost scope.
  public Optional<Policy> on(ChatModel model, Terminal terminal) throws IOException {
    if (policy == null) {
      if (!vectors.isEmpty() || maxDose != null) {
        throw new IllegalArgumentException(
            (maxDose == null ? "--vector" : "--max-dose")
                + " belongs to --policy, which is not given");
      }
      return Optional.empty();
    }
    if (maxDose != null && !(maxDose > 0)) {
      throw new IllegalArgumentException("--max-dose must be above 0, was " + maxDose);
    }
    var read = new PolicyArgument(policy, vectors).readFor(model, terminal);
    return Optional.of(dosed(read, model, terminal));
  }

  private Policy dosed(Policy read, ChatModel model, Terminal terminal) {
    if (read.rules().stream().noneMatch(PolicyOptions::adds)) {
      return read;
    }
    var doses = Dose.measure(model, read);
    doses.stream().filter(dose -> adds(dose.rule())).forEach(dose -> tell(dose, terminal));
    if (maxDose == null) {
      return read;
    }
    var within = Dose.within(read, doses, maxDose);
    if (!within.equals(read)) {
      terminal.note("within a dose of " + maxDose + ": " + within);
    }
    return within;
  }

  /// Whether a rule adds something that has a dose of its own.
  private static boolean adds(Rule rule) {
    return switch (rule.operator()) {
      case Operator.Add _, Operator.Map _, Operator.Affine _, Operator.Clamp _ -> true;
      case Operator.Scale _ -> false;
      case Operator.KeepNorm(var inner) -> !(inner instanceof Operator.Scale);
    };
  }

  private static void tell(Dose dose, Terminal terminal) {
    if (dose.exceedsTheStream()) {
      terminal.say("warning: " + text(dose) + "; answers may break; --max-dose scales it down");
    } else {
      terminal.note(text(dose));
    }
  }

  /// A dose in words.
  public static String text(Dose dose) {
    return dose.rows() == 0
        ? dose.rule() + ": no row was edited on neutral questions"
        : String.format(
            Locale.ROOT,
            "%s: dose %.2f of the stream's length (median of %d rows on neutral questions)",
            dose.rule(),
            dose.median(),
            dose.rows());
  }

  /// The words of all rules' doses.
  public static List<String> text(List<Dose> doses) {
    return doses.stream().map(PolicyOptions::text).toList();
  }
}
