package dev.demur.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class EarlierOptionsTest {

  private static CommandLine withSubcommand(String... options) {
    var below = CommandSpec.create().name("below");
    for (String option : options) {
      below.addOption(OptionSpec.builder(option).type(String.class).build());
    }
    return new CommandLine(CommandSpec.create().name("demur"))
        .addSubcommand(new CommandLine(below));
  }

  @Test
  void anOldNameIsTodays() {
    var line = withSubcommand("--harmful");
    assertThat(EarlierOptions.renamed(line, "below", "--target", "a", "--baseline=b"))
        .containsExactly("below", "--harmful", "a", "--harmless=b");
  }

  /// Every --target became --harmful, so that no command could have one.
  @Test
  void aCommandKeepsAnOptionOfItsOwn() {
    var line = withSubcommand("--target", "--contrast");
    assertThat(EarlierOptions.renamed(line, "below", "--target=a", "--contrast", "b"))
        .containsExactly("below", "--target=a", "--contrast", "b");
  }
}
