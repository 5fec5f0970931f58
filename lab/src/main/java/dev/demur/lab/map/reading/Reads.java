package dev.demur.lab.map.reading;

import static java.util.Objects.requireNonNull;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// resid_pre of every layer at the last positions of all prompts of a map, each read once.
///
/// @param places where each prompt stands, by its text
/// @param values float32 `[prompt, pos, layer, d_model]`
/// @param logits float32 `[1, d_vocab]` at the last token of those prompts whose logits are kept
public record Reads(Map<String, Integer> places, Tensor values, Map<String, Tensor> logits) {

  /// Prompts read together; their logits are in memory meanwhile.
  private static final int CHUNK = 64;

  /// Reads prompts. Make it inside the scope that is to own its memory.
  ///
  /// @param opening prompts whose logits are kept, all of them among `all`; a large vocabulary
  ///   makes those of all prompts too many
  public static Reads of(
      ChatModel model,
      List<MapPrompt> all,
      List<MapPrompt> opening,
      int positions,
      Progress progress) {
    SequencedMap<String, MapPrompt> distinct = new LinkedHashMap<>();
    all.forEach(prompt -> distinct.putIfAbsent(prompt.text(), prompt));
    var prompts = List.copyOf(distinct.values());
    var config = model.config();
    var values =
        Tensor.zeros(DType.F32, prompts.size(), positions, config.nLayers(), config.dModel());
    var places = new LinkedHashMap<String, Integer>();
    prompts.forEach(prompt -> places.put(prompt.text(), places.size()));
    var kept = opening.stream().map(MapPrompt::text).collect(Collectors.toSet());
    var logits = new HashMap<String, Tensor>();
    var forward = model.forward();
    try (var task = progress.start("read", prompts.size())) {
      for (int from = 0; from < prompts.size(); from += CHUNK) {
        var some = prompts.subList(from, Math.min(from + CHUNK, prompts.size()));
        try (var chunk = Scope.open()) {
          var tokens = some.stream().map(prompt -> prompt.tokens(model)).toList();
          var read = PromptActivations.of(forward, tokens, positions, HookPlan.none());
          values.narrow(0, from, some.size()).copyInPlace(read.values());
          for (int i = 0; i < some.size(); i++) {
            String text = some.get(i).text();
            if (kept.contains(text)) {
              logits.put(text, chunk.keep(read.logits().narrow(0, i, 1).copy()));
            }
          }
        }
        task.advance(some.size());
      }
    }
    return new Reads(places, values, logits);
  }

  /// How many positions were read; the last is −1.
  public int positions() {
    return Math.toIntExact(values.dim(1));
  }

  /// How many layers were read.
  public int layers() {
    return Math.toIntExact(values.dim(2));
  }

  /// Where prompts stand.
  List<Integer> of(List<MapPrompt> prompts) {
    return prompts.stream().map(prompt -> places.getOrDefault(prompt.text(), -1)).toList();
  }

  /// Logits of prompts whose logits are kept, `[prompt, d_vocab]`.
  public Tensor opening(List<MapPrompt> prompts) {
    var rows = new ArrayList<Tensor>();
    for (var prompt : prompts) {
      rows.add(requireNonNull(logits.get(prompt.text()), "logits that were not kept"));
    }
    return Tensor.cat(rows, 0);
  }

  /// The stream of some prompts at one place, float64 `[prompt, d_model]`.
  public Tensor at(Candidate place, List<MapPrompt> prompts) {
    var rows = Tensor.ofIndices(of(prompts).stream().mapToInt(Integer::intValue));
    return values
        .narrow(1, positions() + place.position(), 1)
        .narrow(2, place.layer(), 1)
        .rows(rows)
        .reshape(prompts.size(), -1)
        .to(DType.F64);
  }

  /// The mean stream of a set at the last position, `[layer, d_model]`.
  public Tensor last(List<MapPrompt> prompts) {
    return PromptActivations.mean(values, of(prompts)).row(positions() - 1L);
  }

  /// The differences of means of two sets at every place.
  public CandidateGrid grid(List<MapPrompt> target, List<MapPrompt> contrast) {
    return CandidateGrid.between(
        PromptActivations.mean(values, of(target)), PromptActivations.mean(values, of(contrast)));
  }
}
