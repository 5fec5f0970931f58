package dev.demur.model.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.format.gguf.GgufBytes;
import dev.demur.model.format.gguf.GgufFile;
import dev.demur.model.format.lora.AdaptedModel;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.torch.Pickle;
import dev.demur.model.format.torch.TorchFile;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.ChatMessage;
import dev.demur.model.text.ChatTemplate;
import dev.demur.model.text.ChatTemplateException;
import dev.demur.model.text.TemplateOptions;
import dev.demur.model.text.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Whatever is done to a file, reading it ends in a value or in a clear exception.
///
/// `-Dtests.fuzz=100000` runs longer, `-Dtests.seed=…` repeats a run. Memory is that of the
/// process, so it runs alone.
@Isolated
class FuzzTest {

  private static final int ROUNDS = Integer.getInteger("tests.fuzz", 200);

  private static final long SEED = Long.getLong("tests.seed", 20_251_121L);

  /// Issue: no mutation may take more memory than this.
  private static final long MAX_ALLOCATED = 256L << 20;

  /// A look at the process's memory takes some milliseconds.
  private static final int ROUNDS_A_LOOK = 100;

  private static final long MAX_NANOS = 1_000_000_000L;

  /// A busy machine stops a thread for seconds; only processor time counts.
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path CHECKPOINTS = GOLDEN.resolve("checkpoints");
  private static final Path ADAPTERS = GOLDEN.resolve("adapters");
  private static final Path TOKENIZERS = GOLDEN.resolve("tokenizers");

  private static final String TEXT = "The kettle <|im_end|> naïve 日本 🙂 <s> 12\n";
  private static final List<ChatMessage> MESSAGES =
      List.of(
          ChatMessage.user("Name a river."),
          ChatMessage.assistant("The Elbe."),
          ChatMessage.user("And another?"));
  private static final TemplateOptions OPTIONS =
      TemplateOptions.none().withDefaults(Map.of("bos_token", "<s>", "eos_token", "</s>"));

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void makeAModel() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type":"llama","dtype":"bfloat16","hidden_size":64,"rms_norm_eps":1e-6,
         "rope_parameters":{"rope_theta":10000.0,"rope_type":"linear","factor":2.0},
         "layer_types":["full_attention","sliding_attention"]}\
        """);
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    Files.writeString(
        model.resolve("tokenizer_config.json"),
        "{\"chat_template\":[{\"name\":\"default\",\"template\":\"{{ x }}\"}]}");
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"0.weight\":\"m-1.safetensors\",\"0.bias\":\"m-1.safetensors\"}}");
    Files.write(model.resolve("m-1.safetensors"), golden("module.safetensors"));
  }

  /// Opens a file and reads what is in it.
  @FunctionalInterface
  private interface Reading {
    void of(Path file) throws IOException;
  }

  @Test
  void safetensors() throws IOException {
    fuzz(
        golden("kinds.safetensors"),
        file -> {
          try (var read = Safetensors.open(file)) {
            for (String name : read.names()) {
              read.stored(name).load(DType.F32);
            }
          }
        });
  }

  @Test
  void gguf() throws IOException {
    fuzz(
        tinyGguf().bytes(),
        file -> {
          try (var read = GgufFile.open(file)) {
            readAll(read);
          }
        });
  }

  @Test
  void torchFiles() throws IOException {
    for (String name : List.of("nested.pt", "strided.pt")) {
      fuzz(
          golden(name),
          ROUNDS / 2,
          file -> {
            try (var read = TorchFile.open(file)) {
              for (String tensor : read.names()) {
                read.load(tensor);
              }
            }
          });
    }
  }

  @Test
  void picklesThemselves() throws IOException {
    byte[] pickle;
    Path file = Files.write(folder.resolve("nested.pt"), golden("nested.pt"));
    try (var zip = new ZipFile(file.toFile())) {
      pickle = zip.getInputStream(zip.getEntry("nested/data.pkl")).readAllBytes();
    }
    fuzz(pickle, mutated -> Pickle.read(mutated, Files.readAllBytes(mutated)));
  }

  @Test
  void configurations() throws IOException {
    for (String name :
        List.of("config.json", "tokenizer_config.json", "model.safetensors.index.json")) {
      byte[] original = Files.readAllBytes(model.resolve(name));
      fuzz(
          original,
          file -> {
            Files.copy(file, model.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            try (var read = HuggingFaceFolder.open(model)) {
              readAll(read);
            }
          });
      Files.write(model.resolve(name), original);
    }
  }

  @Test
  void configurationsOfWholeModels() throws IOException {
    for (String name : List.of("llama-rope-llama3", "gemma3", "qwen2-moe", "phi4-mini")) {
      Path copy = copy(CHECKPOINTS.resolve(name));
      fuzz(
          Files.readAllBytes(copy.resolve("config.json")),
          ROUNDS / 4,
          file -> {
            Files.copy(file, copy.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
            try (var read = HuggingFaceFolder.open(copy)) {
              Family.load(read, DType.F32);
            }
          });
    }
  }

  @Test
  void quantisedFolders() throws IOException {
    for (String name : List.of("gptq-v1-act-order", "awq", "ct-int4-zeros")) {
      Path copy = copy(GOLDEN.resolve("quantised").resolve(name));
      Files.writeString(copy.resolve("tokenizer.json"), "{}");
      for (String part : List.of("config.json", "model.safetensors")) {
        byte[] original = Files.readAllBytes(copy.resolve(part));
        fuzz(
            original,
            ROUNDS / 6,
            file -> {
              Files.copy(file, copy.resolve(part), StandardCopyOption.REPLACE_EXISTING);
              try (var read = HuggingFaceFolder.open(copy)) {
                readAll(read);
              }
            });
        Files.write(copy.resolve(part), original);
      }
    }
  }

  @Test
  void adapters() throws IOException {
    Path copy = copy(ADAPTERS.resolve("patterns"));
    for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
      byte[] original = Files.readAllBytes(copy.resolve(name));
      fuzz(
          original,
          ROUNDS / 2,
          file -> {
            Files.copy(file, copy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            var base = HuggingFaceFolder.open(CHECKPOINTS.resolve("qwen2-untied"));
            try (var read = AdaptedModel.open(base, copy)) {
              readAll(read);
            }
          });
      Files.write(copy.resolve(name), original);
    }
  }

  @Test
  void tokenizers() throws IOException {
    for (String name : List.of("byte-level", "sentence-piece")) {
      fuzz(
          Files.readAllBytes(TOKENIZERS.resolve(name).resolve("tokenizer.json")),
          ROUNDS / 2,
          file -> {
            var files = new TokenizerFiles.HuggingFace(file, BoundedJson.emptyObject());
            try (var tokenizer = Tokenizer.of(files)) {
              var ids = tokenizer.encodeWithSpecialTokens(TEXT);
              assertThat(tokenizer.encodeWithSpans(TEXT)).isNotNull();
              assertThat(tokenizer.decode(ids)).isNotNull();
            } catch (IllegalArgumentException e) {
              // The library numbers tokens itself when the file numbers them twice.
              throw new ModelFormatException(file, e.getMessage(), e);
            }
          });
    }
  }

  @Test
  void vocabulariesInGguf() throws IOException {
    for (String name : List.of("gguf-llama-f32", "gguf-qwen2-f32")) {
      fuzz(
          Files.readAllBytes(CHECKPOINTS.resolve(name).resolve("model.gguf")),
          ROUNDS / 2,
          file -> {
            try (var read = GgufFile.open(file);
                var tokenizer = Tokenizer.of(read.tokenizer())) {
              assertThat(tokenizer.encodeWithSpecialTokens(TEXT)).isNotNull();
            }
          });
    }
  }

  @Test
  void templates() throws IOException {
    for (String name : List.of("llama-mha-untied", "qwen3-tied", "gemma2")) {
      String template;
      try (var read = HuggingFaceFolder.open(CHECKPOINTS.resolve(name))) {
        template = read.chatTemplate().orElseThrow();
      }
      fuzz(
          template.getBytes(UTF_8),
          ROUNDS / 3,
          file -> {
            String source = new String(Files.readAllBytes(file), UTF_8);
            String text = ChatTemplate.parse(source).renderForReply(MESSAGES, OPTIONS);
            assertThat(text).isNotNull();
          });
    }
  }

  private Path copy(Path from) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(from.getFileName().toString()));
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    return copy;
  }

  private static void readAll(ModelFiles files) throws IOException {
    assertThat(files.chatTemplate()).isNotNull();
    assertThat(files.config().isObject()).isTrue();
    for (String name : files.weights().names()) {
      files.weights().load(name, DType.BF16);
    }
  }

  private void fuzz(byte[] original, Reading reading) throws IOException {
    fuzz(original, ROUNDS, reading);
  }

  private void fuzz(byte[] original, int rounds, Reading reading) throws IOException {
    var random = new Random(SEED);
    Path file = folder.resolve("fuzzed.gguf");
    // Once as it is: the file is sound, and the native libraries are loaded before time counts.
    try (var _ = Scope.open()) {
      reading.of(Files.write(file, original));
    }
    int values = 0;
    int refusals = 0;
    var memory = PeakMemory.now();
    for (int round = 0; round < rounds; round++) {
      byte[] mutated = Mutation.of(original, random);
      Files.write(file, mutated);
      if (read(reading, file, mutated, round)) {
        values++;
      } else {
        refusals++;
      }
      if (round % ROUNDS_A_LOOK == 0) {
        assertThat(memory.grown())
            .as("native and Java memory, up to round " + round + " of -Dtests.seed=" + SEED)
            .isLessThan(MAX_ALLOCATED);
      }
    }
    assertThat(refusals).as("some of %d mutations are refused", rounds).isPositive();
    assertThat(values + refusals).isEqualTo(rounds);
  }

  /// @return true when the file could be read all the same
  private boolean read(Reading reading, Path file, byte[] mutated, int round) throws IOException {
    String which = "round " + round + " of -Dtests.seed=" + SEED;
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();
    boolean value = false;
    try (var _ = Scope.open()) {
      reading.of(file);
      value = true;
    } catch (ModelFormatException
        | NumericException
        | UnsupportedModelException
        | ChatTemplateException e) {
      assertThat(e.getMessage()).as(which).isNotBlank().doesNotContain("\n");
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      Path kept = Files.write(Files.createTempFile("fuzz", ".bin"), mutated);
      fail(which + ", kept in " + kept, e);
    }
    assertThat(THREADS.getCurrentThreadCpuTime() - start).as(which).isLessThan(MAX_NANOS);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
        .as(which)
        .isLessThan(MAX_ALLOCATED);
    return value;
  }

  private static GgufBytes tinyGguf() {
    return new GgufBytes()
        .pair("general.architecture", "llama")
        .pair("llama.block_count", 1)
        .pair("llama.embedding_length", 8)
        .pair("llama.attention.head_count", 2)
        .pair("llama.rope.freq_base", 10_000f)
        .pair("tokenizer.ggml.tokens", List.of("a", "b", "c"))
        .pair("tokenizer.chat_template", "{{ x }}")
        .floats("token_embd.weight", new float[24], 3, 8)
        .floats("rope_freqs.weight", new float[] {1, 2}, 2)
        .floats("blk.0.attn_q.weight", new float[64], 8, 8)
        .tensor("blk.0.ffn_up.weight", 8, new byte[68], 2, 32)
        .floats("blk.0.ffn_gate_exps.weight", new float[16], 2, 2, 4);
  }

  private static byte[] golden(String name) throws IOException {
    try (var in = FuzzTest.class.getResourceAsStream("/golden/torch/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
