package dev.demur.lab.activations;

import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes activations of prompts to a safetensors file.
///
/// For prompt `I`, counted from 0: `prompt.I.tokens` int64 `[pos]`, all its ids; for each site and
/// layer `prompt.I.blocks.L.hook_resid_pre` and so on, float32, of the site's shape with the rows
/// asked for; `prompt.I.logits` float32 `[pos, d_vocab]`. Of attention patterns `[head, query,
/// key]`, the queries asked for are kept.
public final class ActivationExport {

  private final ChatModel model;
  private final ActivationRequest request;
  private final HookPlan edits;
  private final List<Integer> layers;

  /// @param edits what is done to the model meanwhile; activations are read after it
  /// @throws IllegalArgumentException if a layer asked for is not there
  public ActivationExport(ChatModel model, ActivationRequest request, HookPlan edits) {
    this.model = model;
    this.request = request;
    this.edits = edits;
    this.layers = request.layers().among(model.config().nLayers(), "layer");
  }

  /// Runs the prompts and writes the file, whole or not at all.
  ///
  /// @throws IllegalArgumentException if a prompt is empty or has no such position
  /// @throws NumericException if an activation is NaN or infinite
  /// @throws UnsupportedModelException if the model has no such site
  /// @throws IOException if the file cannot be written
  public void write(List<TokenIds> prompts, Path file, Progress progress) throws IOException {
    var rows = new ArrayList<List<Integer>>();
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i).isEmpty()) {
        throw new IllegalArgumentException("prompt " + i + " has no tokens");
      }
      rows.add(request.positions().among(prompts.get(i).size(), "prompt " + i + ": position"));
    }
    long perPrompt = (long) request.sites().size() * layers.size() + 2;
    try (var writer = SafetensorsWriter.create(file, Math.toIntExact(perPrompt * prompts.size()));
        var task = progress.start("activations", prompts.size())) {
      describe(writer);
      for (int i = 0; i < prompts.size(); i++) {
        writeTokens(writer, i, prompts.get(i));
      }
      for (int i = 0; i < prompts.size(); i++) {
        new OnePrompt(writer, i, rows.get(i)).run(prompts.get(i));
        task.advance(1);
      }
      writer.finish();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void describe(SafetensorsWriter writer) throws IOException {
    writer.metadata("format", "demur-activations");
    writer.metadata("model", model.name());
    writer.metadata("model_sha256", model.files().weightsHash());
    writer.metadata(
        "layer_numbering", "index of the block, from 0; hook_resid_pre is what enters the block");
  }

  private static void writeTokens(SafetensorsWriter writer, int prompt, TokenIds ids)
      throws IOException {
    try (var _ = Scope.open()) {
      writer.write("prompt." + prompt + ".tokens", Tensor.ofLongs(ids.stream().asLongStream()));
    }
  }

  /// The tensors of one prompt.
  private final class OnePrompt {
    private final SafetensorsWriter writer;
    private final int prompt;
    private final List<Integer> rows;
    private int written;

    OnePrompt(SafetensorsWriter writer, int prompt, List<Integer> rows) {
      this.writer = writer;
      this.prompt = prompt;
      this.rows = rows;
    }

    void run(TokenIds ids) throws IOException {
      var plan = edits;
      for (int layer : layers) {
        for (var site : request.sites()) {
          var at = new HookPoint(layer, site);
          plan = plan.probe(at, (activation, _) -> keep(at, activation));
        }
      }
      try (var _ = Scope.open()) {
        switch (request.logits()) {
          case WRITTEN -> write("logits", 0, model.forward().logits(ids, plan));
          case LEFT_OUT -> model.forward().run(List.of(ids), plan);
        }
      }
      int expected = layers.size() * request.sites().size();
      if (written < expected) {
        throw new UnsupportedModelException(
            String.format(
                Locale.ROOT,
                "the model has no such site: it gave %d of %d activations of prompt %d (blocks with"
                    + " attention and MLP side by side have no resid_mid); leave the site out",
                written,
                expected,
                prompt));
      }
    }

    private void keep(HookPoint at, Tensor activation) {
      try {
        write(at.toString(), at.site() == Site.PATTERN ? 1 : 0, activation);
        written++;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void write(String name, int dim, Tensor activation) throws IOException {
      var whole = activation.to(DType.F32);
      long bad = whole.firstNonFinite();
      if (bad >= 0) {
        throw new NumericException(
            String.format(
                Locale.ROOT,
                "prompt %d, %s: value %d is not a finite number; the weights or an edit overflow",
                prompt,
                name,
                bad));
      }
      boolean all =
          request.positions() instanceof Places.All || name.endsWith(Site.PATTERN_LAST.text());
      var kept =
          all
              ? whole
              : whole.select(dim, Tensor.ofIndices(rows.stream().mapToInt(Integer::intValue)));
      writer.write("prompt." + prompt + "." + name, kept);
    }
  }
}
