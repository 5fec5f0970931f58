package dev.demur.model.arch.family;

import dev.demur.model.arch.Rope;
import dev.demur.model.format.UnsupportedModelException;
import java.util.List;
import java.util.Set;

/// The text models of Qwen2-VL and Qwen2.5-VL: a Qwen2 whose frequencies are shared out among the
/// three coordinates of an image's patches. The three coordinates of a word are its position, so
/// that text rotates as in Qwen2.
///
/// Source: Wang et al. 2024 (arXiv 2409.12191), Bai et al. 2025 (arXiv 2502.13923).
final class Qwen2VlFamily extends Qwen2Family {

  /// How the frequencies are shared out; nothing of it matters to text.
  static final Set<String> SHARES = Set.of("mrope_section", "mrope_interleaved");

  private static final List<Double> USUAL = List.of(16.0, 24.0, 24.0);

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    var stated = json.object("rope_scaling").numbers("mrope_section");
    double shared =
        (stated.isEmpty() ? USUAL : stated).stream().mapToDouble(Double::doubleValue).sum();
    if (2 * shared != rotary(plan)) {
      throw json.unsupported(
          "\"mrope_section\" shares out "
              + (long) shared
              + " frequencies, expected "
              + rotary(plan) / 2
              + ", half of each head.");
    }
    return RopeReader.read(json, json.requireNumber("rope_theta"), rotary(plan), SHARES);
  }
}
