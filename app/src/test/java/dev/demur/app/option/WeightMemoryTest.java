package dev.demur.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import org.junit.jupiter.api.Test;

class WeightMemoryTest {

  @Test
  void aWrongSizeIsOneLine() {
    var run = Cli.run("chat", "demo", "-p", "hello", "--weight-memory", "lots");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .contains("--weight-memory: expected a size like 8G or 500M, was \"lots\"");
  }
}
