package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.edit.EditRecord;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An edit whose process is killed outright while it writes.
@Scoped
class KilledEditTest {

  /// Many shards, so that there is a while between the first file and the last.
  private static final int LAYERS = 32;

  private static final int WIDTH = 384;

  @TempDir Path folder;

  private Path source = Path.of("");
  private Path direction = Path.of("");

  @BeforeEach
  void makeACheckpoint() throws IOException {
    source = Checkpoints.copy(Cli.checkpoint("llama-mha-untied"), folder);
    Files.delete(source.resolve("model.safetensors"));
    var config = BoundedJson.readObject(source.resolve("config.json"));
    config.put("num_hidden_layers", LAYERS).put("hidden_size", WIDTH);
    config.put("intermediate_size", 2 * WIDTH).put("num_attention_heads", 4);
    config.put("num_key_value_heads", 4).put("head_dim", WIDTH / 4);
    Files.writeString(source.resolve("config.json"), config.toString());
    var index = JsonMapper.shared().createObjectNode();
    var map = index.putObject("weight_map");
    var square = Tensor.gaussian(new Random(1), WIDTH, WIDTH);
    var wide = Tensor.gaussian(new Random(2), 2 * WIDTH, WIDTH);
    var ones = Tensor.zeros(DType.F32, WIDTH).plus(1);
    for (int layer = 0; layer < LAYERS; layer++) {
      String shard = "model-%05d-of-%05d.safetensors".formatted(layer + 1, LAYERS);
      try (var writer = SafetensorsWriter.create(source.resolve(shard))) {
        String at = "model.layers." + layer + ".";
        for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
          write(writer, at + "self_attn." + name, square, shard, map);
        }
        write(writer, at + "mlp.gate_proj", wide, shard, map);
        write(writer, at + "mlp.up_proj", wide, shard, map);
        write(writer, at + "mlp.down_proj", wide.transpose(0, 1).contiguous(), shard, map);
        write(writer, at + "input_layernorm", ones, shard, map);
        write(writer, at + "post_attention_layernorm", ones, shard, map);
        if (layer == 0) {
          var table = Tensor.gaussian(new Random(3), config.path("vocab_size").asInt(), WIDTH);
          write(writer, "model.embed_tokens", table, shard, map);
          write(writer, "lm_head", table, shard, map);
          write(writer, "model.norm", ones, shard, map);
        }
        writer.finish();
      }
    }
    direction = folder.resolve("direction.safetensors");
    var raw = Tensor.gaussian(new Random(4), WIDTH);
    var found = Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1);
    new DirectionFile(found, new Provenance("somewhere", "0", "0", "test")).write(direction);
    Files.writeString(source.resolve("model.safetensors.index.json"), index.toString());
  }

  private static void write(
      SafetensorsWriter writer, String name, Tensor tensor, String shard, ObjectNode map)
      throws IOException {
    writer.write(name + ".weight", tensor);
    map.put(name + ".weight", shard);
  }

  @Test
  void whatIsLeftIsNeverTakenForAModel() throws Exception {
    Path out = folder.resolve("edited");
    Path part = folder.resolve("edited.part");
    var process = Cli.start("", List.of(), words(out));
    while (shards(part) < 3) {
      assertThat(process.isAlive()).as("killed before it was done").isTrue();
      Thread.sleep(1);
    }
    process.toHandle().destroyForcibly(); // SIGKILL, at once
    assertThat(Cli.finish(process).code()).isEqualTo(128 + 9);
    assertThat(shards(part)).isLessThan(LAYERS);
    assertThat(out).doesNotExist();

    assertThat(part.resolve(EditRecord.FILE)).doesNotExist();
    for (var command :
        List.of(
            List.of("models", "info", part),
            List.of("chat", part, "-p", "Hello"),
            List.of("audit", part),
            List.of("verify-edit", source, part, "--direction", direction))) {
      var refused = Cli.run(command.toArray());
      assertThat(refused.code()).describedAs(refused.err()).isEqualTo(ExitCode.BAD_INPUT);
    }
    var again = Cli.run(words(out));
    assertThat(again.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(again.messages().getLast()).contains("edited.part", "stopped before its end");

    try (var files = Files.list(part)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(part);
    var whole = Cli.run(words(out));
    assertThat(whole.code()).describedAs(whole.err()).isZero();
    assertThat(shards(out)).isEqualTo(LAYERS);
    assertThat(part).doesNotExist();
  }

  private Object[] words(Path out) {
    return new Object[] {"edit", source, "--direction", direction, "-o", out, "--no-verify"};
  }

  /// Shards that have got their names.
  private static long shards(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".safetensors")).count();
    }
  }
}
