package dev.demur.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  /// What libtorch, C++ and Java say when there is no memory, as JavaCPP hands it on.
  static Stream<Throwable> memory() {
    var libtorch =
        new RuntimeException(
            "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate"
                + " memory: you tried to allocate 4000000000000 bytes. Error code 12 (Cannot"
                + " allocate memory)");
    return Stream.of(
        libtorch,
        new RuntimeException("std::bad_alloc"),
        new OutOfMemoryError("Java heap space"),
        new ExecutionException(libtorch),
        new CompletionException(new OutOfMemoryError("Map failed")),
        new ExceptionInInitializerError(libtorch));
  }

  /// Part 6 of the findings: it was a "fault in Demur", exit 1.
  @ParameterizedTest
  @MethodSource("memory")
  void outOfMemoryIsSaidWithARemedy(Throwable thrown) {
    var failure = Failure.of(thrown);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(failure.message())
        .startsWith("out of memory (")
        .contains("take a smaller --batch")
        .doesNotContain("\n");
  }

  @Test
  void whatInputCausesIsNoFaultOfOurs() {
    assertThat(Failure.of(new StackOverflowError()).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    var malformed = new UncheckedIOException(new MalformedInputException(1));
    assertThat(Failure.of(malformed).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Failure.of(malformed).message()).contains("is not UTF-8");
  }

  @Test
  void anythingElseIsAFault() {
    assertThat(Failure.of(new IllegalStateException("x")).exitCode()).isEqualTo(ExitCode.FAULT);
  }
}
