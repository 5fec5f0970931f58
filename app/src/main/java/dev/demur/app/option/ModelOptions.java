package dev.demur.app.option;

import dev.demur.app.cli.Terminal;
import dev.demur.lab.profile.SplitCost;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.DeviceChoice;
import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.lora.AdaptedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a model is opened.
public final class ModelOptions {

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "Type of the matrices: auto, bf16, f32 or stored. auto is f32 for checkpoints"
              + " stored in float32 and for small ones (64 MiB in float32, as the demo), bf16 for"
              + " all others. stored leaves quantised matrices in"
              + " their file and decodes them when they are used, which takes a third of the"
              + " memory and somewhat more time.",
      defaultValue = "auto")
  private String dtype = "auto";

  @Option(
      names = "--device",
      paramLabel = "DEVICES",
      description =
          "Where the model runs: cpu, cuda, cuda:N, several such as cuda:0,cuda:1 or cuda:0,cpu "
              + "(blocks fill them in this order), or auto: the cards where DEMUR_TORCH names a "
              + "PyTorch with CUDA, else cpu (default: auto).",
      defaultValue = "auto")
  private String device = "auto";

  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private WeightMemory memory = new WeightMemory();

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description =
          "LoRA adapter to apply: a folder with adapter_config.json, as peft's"
              + " save_pretrained writes it.")
  private @Nullable Path adapter;

  /// Opens a model as the options say.
  ///
  /// @param terminal told when not all of the model fits into memory, or on one device
  public ChatModel open(String model, Terminal terminal) throws IOException {
    return said(ChatModel.of(files(model), DTypeChoice.parse(dtype), devices()), terminal);
  }

  /// Opens a model with an adapter besides, as the options say otherwise.
  ///
  /// @param beside folder of the adapter
  public ChatModel openWith(String model, Path beside, Terminal terminal) throws IOException {
    var files = AdaptedModel.open(files(model), beside);
    return said(ChatModel.of(files, DTypeChoice.parse(dtype), devices()), terminal);
  }

  /// Opens a model for writing one sequence at a time.
  ///
  /// @param terminal told when not all of the model fits into memory, or on one device
  public ChatModel openForOneSequence(String model, Terminal terminal) throws IOException {
    return said(
        ChatModel.forOneSequence(files(model), DTypeChoice.parse(dtype), devices()), terminal);
  }

  private ChatModel said(ChatModel model, Terminal terminal) throws IOException {
    SplitCost.of(model).ifPresent(cost -> terminal.note(cost.text(model.name())));
    return memory.limit(model, terminal);
  }

  private ModelFiles files(String model) throws IOException {
    DTypeChoice.parse(dtype); // a wrong word is told before a large file is opened
    memory.check();
    var devices = devices();
    devices.prepare(); // threads would load a libtorch, which may not be the one a card needs
    threads.apply();
    var files = ModelLocator.ofEnvironment().open(model);
    return adapter == null ? files : AdaptedModel.open(files, adapter);
  }

  private DeviceChoice devices() {
    return DeviceChoice.parse(device);
  }

  /// Refuses an adapter where the model's own files are what counts.
  public void requireNoAdapter(String what) {
    if (adapter != null) {
      throw new IllegalArgumentException(
          "--adapter: "
              + what
              + " is about a model's own files; merge the adapter into them first");
    }
  }
}
