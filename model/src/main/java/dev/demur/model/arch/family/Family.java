package dev.demur.model.arch.family;

import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.TextInside.Part;
import dev.demur.model.arch.family.TextInside.Tying;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// One family of models: how its configuration and its tensors become a [Transformer].
public interface Family {

  /// Builds the model.
  ///
  /// @param files its configuration and tensors
  /// @param holding how to hold its matrices
  /// @throws UnsupportedModelException if the configuration asks for something not known here
  Transformer build(ModelFiles files, Holding holding) throws IOException;

  /// What of a checkpoint writes to the residual stream; reads no weights, except for an embedding
  /// that is there twice.
  ///
  /// @throws UnsupportedModelException if the configuration is not that of this family
  Writers writers(ModelFiles files) throws IOException;

  /// The families known, by `model_type`.
  static Map<String, Family> known() {
    var known = new TreeMap<String, Family>();
    known.put("apertus", new ApertusFamily());
    known.put("cohere", new CohereFamily());
    known.put("cohere2", new Cohere2Family());
    known.put("deepseek_v2", new DeepseekFamily(DeepseekFamily.Generation.V2));
    known.put("deepseek_v3", new DeepseekFamily(DeepseekFamily.Generation.V3));
    known.put("ernie4_5", new Ernie45Family());
    known.put("ernie4_5_moe", new Ernie45MoeFamily());
    known.put("exaone4", new Exaone4Family());
    known.put("exaone_moe", new ExaoneMoeFamily());
    known.put("falcon_h1", new FalconH1Family());
    known.put("gemma", new GemmaFamily());
    known.put("gemma2", new Gemma2Family());
    known.put("gemma3", new Gemma3Family());
    known.put("gemma3_text", new Gemma3Family());
    known.put("gemma4", new TextInside("gemma4_text", Part.OF_ONE_TYPE, Tying.EITHER));
    known.put("gemma4_text", new Gemma4Family());
    known.put(
        "gemma4_unified", new TextInside("gemma4_unified_text", Part.OF_ONE_TYPE, Tying.EITHER));
    known.put("gemma4_unified_text", new Gemma4Family());
    known.put("glm", new GlmFamily());
    known.put("glm4", new Glm4Family());
    known.put("glm4_moe", new Glm4MoeFamily());
    known.put("gpt2", new Gpt2Family());
    known.put("gpt_neox", new GptNeoXFamily());
    known.put("gpt_oss", new GptOssFamily());
    known.put("granite", new GraniteFamily());
    known.put("granitemoe", new GraniteMoeFamily(GraniteMoeFamily.Generation.EXPERTS));
    known.put("granitemoehybrid", new GraniteMoeFamily(GraniteMoeFamily.Generation.HYBRID));
    known.put("granitemoeshared", new GraniteMoeFamily(GraniteMoeFamily.Generation.SHARED));
    known.put("lfm2", new Lfm2Family(Lfm2Family.Mlps.DENSE));
    known.put("lfm2_moe", new Lfm2Family(Lfm2Family.Mlps.EXPERTS));
    known.put("llama", new LlamaFamily());
    known.put("llava", new TextInside("llama", Part.OF_ANY_TYPE, Tying.EITHER));
    known.put("llava_next", new TextInside("llama", Part.OF_ANY_TYPE, Tying.WHOLE));
    known.put("llama4", new TextInside("llama4_text", Part.OF_ONE_TYPE, Tying.EITHER));
    known.put("llama4_text", new Llama4Family());
    known.put("minimax_m2", new MiniMaxM2Family());
    known.put("ministral", new MinistralFamily());
    known.put("ministral3", new Ministral3Family());
    known.put("mistral", new MistralFamily());
    known.put("mistral3", new Mistral3Family());
    known.put("mixtral", new MixtralFamily());
    known.put("olmoe", new OlmoeFamily());
    known.put("olmo", new OlmoFamily());
    known.put("olmo2", new Olmo2Family());
    known.put("olmo3", new Olmo3Family());
    known.put("phi", new PhiFamily());
    known.put("phi3", new Phi3Family());
    known.put("qwen", new QwenFamily());
    known.put("qwen2", new Qwen2Family());
    known.put("qwen2_moe", new QwenMoeFamily(QwenMoeFamily.Generation.QWEN2));
    known.put(
        "qwen2_5_vl", new TextInside("qwen2_5_vl_text", Part.OF_ONE_TYPE_OR_FLAT, Tying.EITHER));
    known.put("qwen2_5_vl_text", new Qwen2VlFamily());
    known.put("qwen2_vl", new TextInside("qwen2_vl_text", Part.OF_ONE_TYPE_OR_FLAT, Tying.EITHER));
    known.put("qwen2_vl_text", new Qwen2VlFamily());
    known.put("qwen3", new Qwen3Family());
    known.put("qwen3_moe", new QwenMoeFamily(QwenMoeFamily.Generation.QWEN3));
    known.put("qwen3_5", new QwenNextFamily(QwenNextFamily.Generation.QWEN3_5));
    known.put("qwen3_5_moe", new QwenNextFamily(QwenNextFamily.Generation.QWEN3_5_MOE));
    known.put("qwen3_5_moe_text", new QwenNextFamily(QwenNextFamily.Generation.QWEN3_5_MOE));
    known.put("qwen3_5_text", new QwenNextFamily(QwenNextFamily.Generation.QWEN3_5));
    known.put("qwen3_next", new QwenNextFamily(QwenNextFamily.Generation.NEXT));
    known.put("qwen3_vl", new TextInside("qwen3_vl_text", Part.OF_ONE_TYPE, Tying.WHOLE));
    known.put("qwen3_vl_text", new Qwen3VlFamily());
    known.put("seed_oss", new SeedOssFamily());
    known.put("smollm3", new SmolLm3Family());
    known.put("stablelm", new StableLmFamily());
    return known;
  }

  /// Finds the family of a model and builds it.
  ///
  /// @throws UnsupportedModelException if the family is not known; the message lists those that are
  static Transformer load(ModelFiles files, DType dtype) throws IOException {
    return load(files, Holding.decoded(dtype));
  }

  /// Builds the model of any known family.
  ///
  /// @throws UnsupportedModelException if the family is not known
  static Transformer load(ModelFiles files, Holding holding) throws IOException {
    return of(files).build(files, holding);
  }

  /// Finds the family of a model.
  ///
  /// @throws UnsupportedModelException if the family is not known; the message lists those that are
  static Family of(ModelFiles files) throws UnsupportedModelException {
    ConfigClasses.requireKnown(files.name(), files.config());
    return Objects.requireNonNull(
        known().get(files.config().path("model_type").stringValue()), "a family that is known");
  }
}
