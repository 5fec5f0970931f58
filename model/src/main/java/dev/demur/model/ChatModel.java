package dev.demur.model;

import dev.demur.model.arch.Holding;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.WriterEdit;
import dev.demur.model.arch.family.Family;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.lora.AdaptedModel;
import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Steering;
import dev.demur.model.tensor.NativeHeap;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A chat model that you can look inside: weights, tokenizer and chat template in one object.
///
/// ```java
/// try (var model = ChatModel.load("Qwen2.5-0.5B-Instruct")) {
///   System.out.println(model.chat("How do I bake bread?").text());
///   System.out.println(model.with(Policy.ablation(direction)).chat("…").text());
///   var prompts = List.of(model.prompt("How do I bake bread?"));
///   try (var a = model.run(prompts, Capture.at(Site.RESID_PRE).last(), HookPlan.none())) {
///     var logits = a.logits(); // [prompt, d_vocab]
///   }
/// }
/// ```
///
/// Tensors a model gave out, and the network itself, stay valid only while it is open.
public final class ChatModel implements AutoCloseable {

  private final ModelFiles files;
  private final Network network;
  private final Tokenizer tokenizer;
  private final PromptFormat prompts;
  private final Set<Integer> stopTokens;

  /// @param weights life of its own tensors; the tensors of edited matrices belong to the caller
  private record Network(Transformer transformer, Scope.Lifetime weights) {}

  private ChatModel(
      ModelFiles files,
      Network network,
      Tokenizer tokenizer,
      PromptFormat prompts,
      Set<Integer> stopTokens) {
    this.files = files;
    this.network = network;
    this.tokenizer = tokenizer;
    this.prompts = prompts;
    this.stopTokens = stopTokens;
  }

  /// Opens a model with the dtype its files suggest.
  ///
  /// @param model a Hugging Face folder, a GGUF file, `org/name` in the local hub cache, or the
  ///   name of an embedded model such as `demo`
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  public static ChatModel load(String model) throws IOException {
    return load(model, DTypeChoice.AUTO);
  }

  /// Opens a model.
  ///
  /// @param model a Hugging Face folder, a GGUF file, `org/name` in the local hub cache, or the
  ///   name of an embedded model such as `demo`
  /// @param dtype type to hold matrices in
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  public static ChatModel load(String model, DTypeChoice dtype) throws IOException {
    return load(model, dtype, DeviceChoice.HOST);
  }

  /// Opens a model on a device, or on several.
  ///
  /// @param model a Hugging Face folder, a GGUF file, `org/name` in the local hub cache, or the
  ///   name of an embedded model such as `demo`
  /// @param dtype type to hold matrices in
  /// @param devices where to put it
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  /// @throws IllegalArgumentException if a device is not there, or no libtorch for it
  public static ChatModel load(String model, DTypeChoice dtype, DeviceChoice devices)
      throws IOException {
    return of(ModelLocator.ofEnvironment().open(model), dtype, devices);
  }

  /// Opens a model with a LoRA adapter applied.
  ///
  /// @param model a Hugging Face folder, a GGUF file, `org/name` in the local hub cache, or the
  ///   name of an embedded model such as `demo`
  /// @param adapter folder with the adapter as `save_pretrained` of peft leaves it
  /// @param dtype type to hold matrices in
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  public static ChatModel load(String model, Path adapter, DTypeChoice dtype) throws IOException {
    var adapted = AdaptedModel.open(ModelLocator.ofEnvironment().open(model), adapter);
    return of(adapted, dtype, DeviceChoice.HOST);
  }

  /// Builds a model from its files, which it owns from here on.
  ///
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  public static ChatModel of(ModelFiles files, DTypeChoice dtype) throws IOException {
    return of(files, dtype, DeviceChoice.HOST);
  }

  /// Builds a model from its files, which it owns from here on.
  ///
  /// @param devices where to put it
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  /// @throws IllegalArgumentException if a device is not there, or no libtorch for it
  public static ChatModel of(ModelFiles files, DTypeChoice dtype, DeviceChoice devices)
      throws IOException {
    return of(files, devices, () -> dtype.holding(files, devices));
  }

  /// Builds a model for writing one sequence at a time. It owns its files from here on.
  ///
  /// @throws UnsupportedModelException if its family or a feature of it is not known
  public static ChatModel forOneSequence(ModelFiles files, DTypeChoice dtype, DeviceChoice devices)
      throws IOException {
    return of(files, devices, () -> dtype.holdingForOneSequence(files, devices));
  }

  private interface HoldingChoice {
    Holding holding() throws IOException;
  }

  private static ChatModel of(ModelFiles files, DeviceChoice devices, HoldingChoice choice)
      throws IOException {
    try {
      devices.prepare();
      var tokenizer = Tokenizer.of(files.tokenizer());
      try {
        var prompts = PromptFormat.of(tokenizer, files.chatTemplate());
        // Before the weights are read: which rows there are, their names and shapes say.
        var checks = new TokenChecks(files, tokenizer, Writers.of(files).config().dVocab());
        checks.requireRows();
        var stopTokens = checks.stopTokens();
        var network = network(files, choice.holding());
        return new ChatModel(
            files, network, tokenizer, prompts.within(network.transformer.limit()), stopTokens);
      } catch (IOException | RuntimeException e) {
        tokenizer.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static Network network(ModelFiles files, Holding holding) throws IOException {
    try (var _ = NativeHeap.longLived();
        var scope = Scope.open()) {
      var transformer = Family.load(files, holding);
      return new Network(transformer, scope.extend());
    }
  }

  /// This model with weights of at most `bytes` bytes kept in memory; what does not fit is read
  /// again in every pass. Shares files, and with them its life, with this one.
  public ChatModel within(long bytes) {
    var limited = network.transformer.within(bytes, files.weights().mapped());
    return new ChatModel(
        files, new Network(limited, network.weights), tokenizer, prompts, stopTokens);
  }

  /// Short name for people.
  public String name() {
    return files.name();
  }

  /// Shape of the model.
  public ModelConfig config() {
    return network.transformer.config();
  }

  /// The files it came from.
  public ModelFiles files() {
    return files;
  }

  /// The network itself.
  public Transformer transformer() {
    return network.transformer;
  }

  /// Prompts in, values out. Larger batches where weights are read again for each.
  public Forward forward() {
    int batch = network.transformer.policy().batchTokens();
    return new Forward(
        network.transformer, network.transformer.streaming().isEmpty() ? batch : 4 * batch);
  }

  /// Runs prompts and keeps what `capture` names.
  ///
  /// @param plan edits on the way; activations are kept after them
  /// @return what was kept; the caller closes it
  /// @throws IllegalArgumentException if the model has no such place, or a prompt no such position
  public Activations run(List<Prompt> prompts, Capture capture, HookPlan plan) {
    return forward().run(prompts.stream().map(Prompt::tokens).toList(), capture, plan);
  }

  /// This model with something done to it in every pass: a plan, an intervention, both.
  public SteeredModel with(Steering steering) {
    return SteeredModel.of(this, steering);
  }

  /// Answers an instruction, greedily, with at most [SteeredModel#USUAL_NEW_TOKENS] tokens; see
  /// [#with] for other ways.
  public Reply chat(String instruction) {
    return with(HookPlan.none()).chat(instruction);
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// How instructions become prompts.
  public PromptFormat prompts() {
    return prompts;
  }

  /// An instruction as the chat template presents it, with the generation prompt.
  public Prompt prompt(String instruction) {
    return prompts.format(instruction);
  }

  /// Greedy decoding until the model's own stop tokens.
  public GenerationOptions greedy(int maxNewTokens, int batchSize) {
    return new GenerationOptions(maxNewTokens, batchSize, new Sampler.Greedy(), stopTokens());
  }

  /// Ids that end an answer: those of the generation configuration, of the configuration and of the
  /// tokenizer together.
  public Set<Integer> stopTokens() {
    return stopTokens;
  }

  /// This model with other matrices where it writes to the residual stream. Shares files, and with
  /// them its life, with this one.
  public ChatModel withWriters(WriterEdit edit) {
    var edited = new Network(network.transformer.withWriters(edit), network.weights);
    return new ChatModel(files, edited, tokenizer, prompts, stopTokens);
  }

  /// This model with prompts written otherwise. Shares files, and with them its life, with this
  /// one.
  public ChatModel withPrompts(PromptFormat format) {
    return new ChatModel(files, network, tokenizer, format, stopTokens);
  }

  /// The chat template's source, when there is one.
  public Optional<String> chatTemplate() {
    return files.chatTemplate();
  }

  @Override
  public void close() {
    network.weights.close();
    tokenizer.close();
    files.close();
  }
}
