package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.Failure;
import dev.demur.lab.LabRemedy;
import dev.demur.model.remedy.ModelRemedy;
import dev.demur.model.remedy.Remedy;
import dev.demur.model.remedy.RequestException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class RemediesTest {

  private static Stream<Remedy> remedies() {
    return Stream.concat(Arrays.stream(ModelRemedy.values()), Arrays.stream(LabRemedy.values()));
  }

  @ParameterizedTest
  @MethodSource("remedies")
  void everyRemedyIsAFlagOrACommandThatThereIs(Remedy remedy) {
    var known = new HashSet<String>();
    collect(Demur.everyCommand(Cli.nowhere()), known);
    String failure = Failure.of(new RequestException("no", List.of(remedy))).message();
    var named =
        Stream.of(failure.replaceAll("[(),]", "").split(" "))
            .filter(word -> word.startsWith("--") || known.contains(word))
            .toList();
    assertThat(named).isNotEmpty();
    assertThat(known).containsAll(named);
  }

  private static void collect(CommandLine command, Set<String> into) {
    into.addAll(command.getCommandSpec().optionsMap().keySet());
    command
        .getSubcommands()
        .forEach(
            (name, subcommand) -> {
              into.add(name);
              collect(subcommand, into);
            });
  }

  @Test
  void aFailureEndsWithTheFlagsThatHelp() {
    var thrown =
        new RequestException("no", List.of(LabRemedy.KEEP_TIED, LabRemedy.CHOOSE_COMPONENTS));
    assertThat(Failure.of(thrown).message())
        .isEqualTo("no (--keep-tied, --components attention,mlp)");
    assertThat(Failure.of(new IllegalArgumentException("no")).message()).isEqualTo("no");
  }
}
