package dev.demur.lab.activations;

import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;

/// Writes activations of prompts to a safetensors file.
///
/// Prompt by prompt: for prompt `I`, counted from 0, `prompt.I.tokens` int64 `[pos]`, all its ids;
/// for each place `prompt.I.blocks.L.hook_resid_pre` and so on, float32, of the site's shape with
/// the rows asked for; `prompt.I.logits` float32 `[pos, d_vocab]`. Of scores and patterns `[head,
/// query, key]`, the queries asked for are kept.
///
/// Stacked: the same without `prompt.I.`, and with all prompts in one tensor, `[prompt, …]`;
/// `tokens` are the ids at the positions asked for. Metadata name the rest, each a JSON list:
/// `prompts`, `labels` (null where a prompt has none), `positions` from the end, and
/// `token_strings` of each prompt at these positions.
public final class ActivationExport {

  /// What may be kept in memory at once, in bytes. Places beyond it are read in passes of their
  /// own.
  private static final long MOST_BYTES = 2L << 30;

  private static final String LOGITS = "logits";

  private final ChatModel model;
  private final ActivationRequest request;
  private final HookPlan edits;
  private final long mostBytes;
  private final List<HookPoint> points;

  /// @param edits what is done to the model meanwhile; activations are read after it
  /// @throws IllegalArgumentException if a layer asked for is not there, or the model lacks a site
  public ActivationExport(ChatModel model, ActivationRequest request, HookPlan edits) {
    this(model, request, edits, MOST_BYTES);
  }

  ActivationExport(ChatModel model, ActivationRequest request, HookPlan edits, long mostBytes) {
    this.model = model;
    this.request = request;
    this.edits = edits;
    this.mostBytes = mostBytes;
    var wanted = new ArrayList<HookPoint>();
    for (int layer : request.layers().among(model.config().nLayers(), "layer")) {
      request.sites().stream()
          .filter(site -> site != Site.LN_FINAL)
          .forEach(site -> wanted.add(new HookPoint(layer, site)));
    }
    if (request.sites().contains(Site.LN_FINAL) || withLogits()) {
      wanted.add(HookPoint.lnFinal());
    }
    this.points = wanted.stream().distinct().toList();
    points.forEach(model.transformer()::require);
  }

  private boolean withLogits() {
    return request.logits() == ActivationRequest.Logits.WRITTEN;
  }

  /// Prompts whose activations share tensors.
  ///
  /// @param prefix of the tensors' names
  /// @param prompts which of all
  /// @param positions rows kept of each, counted from the end, in the order wanted
  /// @param groups places read together
  private record Lot(
      String prefix, List<Integer> prompts, List<Integer> positions, List<List<HookPoint>> groups) {

    /// The smallest span that holds all positions.
    Positions span() {
      var range = positions.stream().mapToInt(Integer::intValue).summaryStatistics();
      return new Positions(range.getMin(), range.getMax());
    }
  }

  /// Runs the prompts and writes the file, whole or not at all.
  ///
  /// @throws IllegalArgumentException if a prompt is empty or has no such position, or prompts that
  ///   are to be stacked do not stack
  /// @throws NumericException if an activation is NaN or infinite
  /// @throws IOException if the file cannot be written
  public void write(List<TokenizedPrompt> prompts, Path file, Progress progress)
      throws IOException {
    var lots = lots(prompts);
    int steps = lots.stream().mapToInt(lot -> lot.prompts.size() * lot.groups.size()).sum();
    int tensors = lots.size() * (points.size() + 2);
    try (var writer = SafetensorsWriter.create(file, tensors);
        var task = progress.start("activations", steps)) {
      describe(writer, prompts, lots);
      for (var lot : lots) {
        writeTokens(writer, lot, prompts);
      }
      for (var lot : lots) {
        var tokens = lot.prompts.stream().map(i -> prompts.get(i).tokens()).toList();
        for (var group : lot.groups) {
          try (var seen = new KeptChunks()) {
            seen.read(model, tokens, KeptChunks.capture(group, lot.span()), edits, task);
            for (var point : group) {
              write(writer, lot, point, seen);
            }
          }
        }
      }
      writer.finish();
    }
  }

  private List<Lot> lots(List<TokenizedPrompt> prompts) {
    var positions = new ArrayList<List<Integer>>();
    for (int i = 0; i < prompts.size(); i++) {
      int size = prompts.get(i).tokens().size();
      if (size == 0) {
        throw new IllegalArgumentException("prompt " + i + " has no tokens");
      }
      var places = request.positions().among(size, "prompt " + i + ": position");
      positions.add(places.stream().map(place -> place - size).toList());
    }
    var all = IntStream.range(0, prompts.size()).boxed().toList();
    return switch (request.form()) {
      case BY_PROMPT ->
          all.stream()
              .map(i -> lot("prompt." + i + ".", List.of(i), positions.get(i), prompts))
              .toList();
      case STACKED -> {
        requireStackable(prompts, positions);
        yield List.of(lot("", all, positions.getFirst(), prompts));
      }
    };
  }

  private void requireStackable(List<TokenizedPrompt> prompts, List<List<Integer>> positions) {
    var sizes = prompts.stream().mapToInt(p -> p.tokens().size()).summaryStatistics();
    boolean ofPairs = points.stream().anyMatch(point -> point.site().isOfPairs());
    if (sizes.getMin() < sizes.getMax() && (ofPairs || positions.stream().distinct().count() > 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "prompts have %d to %d tokens, so %s do not stack; %s, or write them prompt by"
                  + " prompt",
              sizes.getMin(),
              sizes.getMax(),
              ofPairs ? "scores and patterns" : "these positions",
              ofPairs
                  ? "leave them out"
                  : "name positions that all have, counted from the end, e.g. -5..-1"));
    }
  }

  private Lot lot(
      String prefix, List<Integer> which, List<Integer> positions, List<TokenizedPrompt> prompts) {
    var lot = new Lot(prefix, which, positions, List.of());
    var groups = new ArrayList<List<HookPoint>>();
    long bytes = 0;
    for (var point : points) {
      long more = 0;
      for (int i : which) {
        more += KeptChunks.bytes(model.config(), point, lot.span(), prompts.get(i).tokens().size());
      }
      bytes += more;
      if (groups.isEmpty() || bytes > mostBytes) {
        groups.add(new ArrayList<>());
        bytes = more;
      }
      groups.getLast().add(point);
    }
    return new Lot(prefix, which, positions, groups);
  }

  private void describe(SafetensorsWriter writer, List<TokenizedPrompt> prompts, List<Lot> lots)
      throws IOException {
    writer.metadata("format", "demur-activations");
    writer.metadata("model", model.name());
    writer.metadata("model_sha256", model.files().weightsHash());
    writer.metadata(
        "layer_numbering", "index of the block, from 0; hook_resid_pre is what enters the block");
    switch (request.form()) {
      case BY_PROMPT -> {}
      case STACKED -> {
        var positions = lots.getFirst().positions;
        json(writer, "positions", positions);
        json(writer, "prompts", prompts.stream().map(p -> p.prompt().instruction()).toList());
        json(writer, "labels", prompts.stream().map(p -> p.prompt().category()).toList());
        json(
            writer,
            "token_strings",
            prompts.stream()
                .map(p -> p.at(positions).map(model.tokenizer()::token).toList())
                .toList());
      }
    }
  }

  private static void json(SafetensorsWriter writer, String key, Object value) {
    writer.metadata(key, JsonMapper.shared().writeValueAsString(value));
  }

  private void writeTokens(SafetensorsWriter writer, Lot lot, List<TokenizedPrompt> prompts)
      throws IOException {
    try (var _ = Scope.open()) {
      var ids =
          switch (request.form()) {
            case BY_PROMPT ->
                Tensor.ofLongs(
                    prompts.get(lot.prompts.getFirst()).tokens().stream().asLongStream());
            case STACKED ->
                Tensor.ofLongs(
                        prompts.stream()
                            .flatMapToLong(p -> p.at(lot.positions).mapToLong(Integer::longValue)))
                    .reshape(prompts.size(), lot.positions.size());
          };
      writer.write(lot.prefix + "tokens", ids);
    }
  }

  private void write(SafetensorsWriter writer, Lot lot, HookPoint point, KeptChunks seen)
      throws IOException {
    if (request.sites().contains(point.site())) {
      write(writer, lot, point.toString(), i -> rows(lot, point, seen.get(point, i)));
    }
    if (point.site() == Site.LN_FINAL && withLogits()) {
      write(
          writer,
          lot,
          LOGITS,
          i -> model.transformer().unembed(rows(lot, point, seen.get(point, i))));
    }
  }

  /// One prompt's part of a tensor, by the prompt's place in its lot.
  private interface Rows {
    Tensor of(int prompt);
  }

  private void write(SafetensorsWriter writer, Lot lot, String name, Rows rows) throws IOException {
    List<Long> shape;
    try (var _ = Scope.open()) {
      shape = rows.of(0).shape();
    }
    int prompts = lot.prompts.size();
    var whole =
        switch (request.form()) {
          case BY_PROMPT -> shape;
          case STACKED ->
              LongStream.concat(LongStream.of(prompts), shape.stream().mapToLong(Long::longValue))
                  .boxed()
                  .toList();
        };
    long bytes = TensorInfo.elements(whole) * DType.F32.bytes();
    writer.write(
        new TensorInfo(lot.prefix + name, DType.F32.safetensorsName(), whole, bytes),
        sink -> {
          for (int i = 0; i < prompts; i++) {
            try (var _ = Scope.open()) {
              var one = rows.of(i).to(DType.F32).contiguous();
              requireFinite(one, lot.prompts.get(i), name);
              sink.append(one.segment());
            }
          }
        });
  }

  /// The rows asked for, in the order asked.
  private static Tensor rows(Lot lot, HookPoint point, Tensor kept) {
    if (point.site() == Site.PATTERN_LAST) {
      return kept;
    }
    int first = lot.span().from();
    return kept.select(
        point.site().isOfPairs() ? 1 : 0,
        Tensor.ofIndices(lot.positions.stream().mapToInt(position -> position - first)));
  }

  private static void requireFinite(Tensor tensor, int prompt, String name) {
    // Scores are −∞ where a query does not see a key; their softmax is finite all the same.
    boolean scores = name.endsWith(Site.ATTN_SCORES.text());
    long bad = (scores ? tensor.softmax() : tensor).firstNonFinite();
    if (bad >= 0) {
      throw new NumericException(
          String.format(
              Locale.ROOT,
              "prompt %d, %s: value %d is not a finite number; the weights or an edit overflow",
              prompt,
              name,
              bad));
    }
  }
}
