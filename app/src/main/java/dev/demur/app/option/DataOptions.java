package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.prompts.PromptPools;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.lab.study.StudyData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The prompts of a study.
public final class DataOptions {

  /// The paper's first evaluation set.
  private static final String PAPER_SET = "jailbreakbench";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "refusal-direction, the paper's prompts (see demur data pull); demo, those of the"
              + " embedded model; or a folder laid out as they are: splits/harmful_train.json and"
              + " its neighbours, sets/NAME.json. The options below replace single files of it.")
  private @Nullable String data;

  @Option(
      names = "--harmful-train",
      paramLabel = "FILE",
      description = "Prompts that show the behaviour, for extraction.")
  private @Nullable Path harmfulTrain;

  @Option(
      names = "--harmless-train",
      paramLabel = "FILE",
      description = "Prompts that do not, for extraction.")
  private @Nullable Path harmlessTrain;

  @Option(
      names = "--harmful-val",
      paramLabel = "FILE",
      description = "Prompts that show the behaviour, for selection.")
  private @Nullable Path harmfulVal;

  @Option(
      names = "--harmless-val",
      paramLabel = "FILE",
      description = "Prompts that do not, for selection.")
  private @Nullable Path harmlessVal;

  @Option(
      names = "--harmful-eval",
      paramLabel = "[NAME=]FILE",
      description =
          "Prompts that show the behaviour, for evaluation; may be repeated. With --data "
              + "also the name of one of its sets (default: jailbreakbench, else harmful_test).")
  private List<String> harmfulEval = List.of();

  @Option(
      names = "--harmless-eval",
      paramLabel = "FILE",
      description = "Prompts that do not, for evaluation (default with --data: harmless_test).")
  private @Nullable Path harmlessEval;

  /// Reads all sets.
  ///
  /// @param usual where sets are taken from when no --data is given
  /// @throws IllegalArgumentException if a set is not named
  public StudyData read(Optional<String> usual, Terminal terminal) throws IOException {
    var named = Optional.ofNullable(data).or(() -> usual).map(DataArgument::new);
    if (named.isEmpty() && isNothingGiven()) {
      named = Optional.of(DataArgument.offered(terminal));
    }
    Optional<ReleasedLayout> layout =
        named.isPresent() ? Optional.of(named.get().layout(terminal)) : Optional.empty();
    var pools =
        new PromptPools(
            set(harmfulTrain, "--harmful-train", layout, l -> l.harmful(Split.TRAIN)),
            set(harmlessTrain, "--harmless-train", layout, l -> l.harmless(Split.TRAIN)),
            set(harmfulVal, "--harmful-val", layout, l -> l.harmful(Split.VAL)),
            set(harmlessVal, "--harmless-val", layout, l -> l.harmless(Split.VAL)));
    return new StudyData(
        pools,
        evaluated(layout),
        set(harmlessEval, "--harmless-eval", layout, l -> l.harmless(Split.TEST)));
  }

  private boolean isNothingGiven() {
    return harmfulEval.isEmpty()
        && Stream.of(harmfulTrain, harmlessTrain, harmfulVal, harmlessVal, harmlessEval)
            .allMatch(Objects::isNull);
  }

  private static PromptSet set(
      @Nullable Path file, String option, Optional<ReleasedLayout> layout, FromLayout usual)
      throws IOException {
    if (file != null) {
      return PromptReader.usual().read(file);
    }
    if (layout.isEmpty()) {
      throw new IllegalArgumentException(
          "no prompts for " + option + "; give it a file, or all at once with --data");
    }
    return usual.read(layout.get());
  }

  private List<PromptSet> evaluated(Optional<ReleasedLayout> layout) throws IOException {
    var known = layout.isPresent() ? layout.get().evaluationSets() : List.<String>of();
    if (harmfulEval.isEmpty()) {
      return List.of(
          set(
              null,
              "--harmful-eval",
              layout,
              l -> known.contains(PAPER_SET) ? l.evaluationSet(PAPER_SET) : l.harmful(Split.TEST)));
    }
    var sets = new ArrayList<PromptSet>();
    for (String wanted : harmfulEval) {
      sets.add(known.contains(wanted) ? layout.orElseThrow().evaluationSet(wanted) : named(wanted));
    }
    return sets;
  }

  private static PromptSet named(String wanted) throws IOException {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? PromptReader.usual().read(Path.of(wanted))
        : PromptReader.usual()
            .read(Path.of(wanted.substring(equals + 1)), wanted.substring(0, equals));
  }

  /// The set a layout holds for a purpose.
  @FunctionalInterface
  private interface FromLayout {
    PromptSet read(ReleasedLayout layout) throws IOException;
  }
}
