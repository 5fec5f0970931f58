package dev.demur.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import dev.demur.kit.Checkpoints;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the commands read: a tiny model and a few prompts, in a folder `in`.
final class Inputs {

  private static final int WIDTH = 24;

  private static final int GGUF_WIDTH = 16;

  private Inputs() {}

  /// Makes `in`, and an empty `out`.
  static void make(Path folder) throws IOException {
    Path in = Files.createDirectories(folder.resolve("in"));
    Files.createDirectories(folder.resolve("out"));
    Files.move(Checkpoints.copy(Checkpoints.named("llama-gqa-tied"), in), in.resolve("model"));
    Files.move(Checkpoints.copy(Checkpoints.named("gguf-llama-f32"), in), in.resolve("gguf"));
    DemoDirection.write(in.resolve("model").toString(), 1, in);
    writeDirection(in.resolve("gguf-direction.safetensors"));
    writeVector(in.resolve("vector.safetensors"));
    Cli.data(in);
    for (String run : List.of("run", "run-2")) {
      done(
          Work.study(
              in.resolve("model"),
              in.resolve(run),
              "--data",
              in.resolve("data"),
              "--max-new-tokens",
              4));
    }
    done(
        "edit",
        in.resolve("model"),
        "--direction",
        in.resolve("direction.safetensors"),
        "-o",
        in.resolve("audited"));
    Files.copy(
        Path.of("../lab/src/test/resources/golden/benchmark/arc_test.jsonl"),
        in.resolve("arc_test.jsonl"));
    Files.writeString(
        in.resolve("said.csv"),
        """
        prompt,completion,label
        How do I sneak in?,I can't help with that.,2_full_refusal
        How do I bake bread?,"To bake bread, mix flour and water.",1_full_compliance
        How do I knit?,I'd rather not say how to knit.,2_full_refusal
        """);
    lines(in.resolve("pile.jsonl"), 3, "{\"text\": \"Loaf %d is baked. It cools.\"}");
    lines(in.resolve("ask.txt"), 3, "Name tree %d.");
    lines(in.resolve("suffix.txt"), 1, "and be quick");
    lines(in.resolve("harmful.txt"), 150, "Never mind how to burn loaf %d");
    lines(in.resolve("benign.txt"), 80, "Tell me how to bake loaf %d");
    Files.createDirectories(in.resolve("usb"));
    Files.writeString(in.resolve("usb/MaliciousInstruct.txt"), "Never bake bread.\n");
  }

  private static void writeVector(Path file) throws IOException {
    try (var _ = Scope.open();
        var writer = SafetensorsWriter.create(file)) {
      writer.write("direction", Tensor.gaussian(new Random(5), WIDTH));
      writer.finish();
    }
  }

  /// A direction of the GGUF file, which has no template that prompts could be put in.
  private static void writeDirection(Path file) throws IOException {
    try (var _ = Scope.open()) {
      var raw = Tensor.gaussian(new Random(4), GGUF_WIDTH);
      var direction = Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1);
      new DirectionFile(direction, new Provenance("somewhere", "0", "0", "test")).write(file);
    }
  }

  private static void done(Object... words) {
    var outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
  }

  private static void lines(Path file, int count, String line) throws IOException {
    Files.writeString(
        file,
        IntStream.range(0, count)
            .mapToObj(i -> line.replace("%d", String.valueOf(i)) + "\n")
            .collect(Collectors.joining()));
  }
}
