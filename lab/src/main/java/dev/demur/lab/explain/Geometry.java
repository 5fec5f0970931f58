package dev.demur.lab.explain;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.explain.GeometryResult.PcaPoint;
import dev.demur.lab.explain.GeometryResult.Place;
import dev.demur.lab.explain.GeometryResult.TemplateCheck;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Looks at how two sets of prompts lie in the stream.
final class Geometry {

  private final ChatModel model;
  private final Direction direction;
  private final int positions;

  Geometry(ChatModel model, Direction direction) {
    this.model = model;
    this.direction = direction;
    this.positions = model.prompts().eoiTokens().size() + 1;
  }

  GeometryResult run(List<Prompt> refused, List<Prompt> harmless) {
    try (var _ = Scope.open()) {
      var up = activations(refused);
      var down = activations(harmless);
      var places = new ArrayList<Place>();
      for (int p = 0; p < positions; p++) {
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
          try (var _ = Scope.open()) {
            places.add(place(p - positions, layer, at(up, p, layer), at(down, p, layer)));
          }
        }
      }
      int layer = direction.source().layer();
      int position = Math.max(0, positions + direction.position());
      var both = Tensor.cat(List.of(at(up, position, layer), at(down, position, layer)), 0);
      var shares = new ArrayList<Double>();
      var pca = axes(both, refused.size(), shares);
      return new GeometryResult(places, template(up, down, position, layer), pca, shares);
    }
  }

  private Tensor activations(List<Prompt> prompts) {
    var tokens = prompts.stream().map(Prompt::tokens).toList();
    return PromptActivations.of(model.forward(), tokens, positions, HookPlan.none()).values();
  }

  /// `[prompt, d_model]`, float64.
  private static Tensor at(Tensor values, int position, int layer) {
    return values.transpose(0, 1).row(position).transpose(0, 1).row(layer).to(DType.F64);
  }

  private Place place(int position, int layer, Tensor up, Tensor down) {
    var unit = direction.unit().to(DType.F64);
    var difference = up.mean(0).minus(down.mean(0));
    double norm = difference.norm();
    var auroc = Auroc.of(list(up.dotRows(unit)), list(down.dotRows(unit)));
    return new Place(
        position,
        layer,
        norm,
        norm == 0 ? 0 : difference.dotRows(unit).item() / norm,
        auroc,
        auroc.newcombe(Interval.USUAL_LEVEL),
        stableRank(up.minus(down.mean(0))));
  }

  private TemplateCheck template(Tensor up, Tensor down, int position, int layer) {
    var unit = direction.unit().to(DType.F64);
    var words = at(up, 0, layer).mean(0).minus(at(down, 0, layer).mean(0));
    var end = at(up, position, layer).mean(0).minus(at(down, position, layer).mean(0));
    return new TemplateCheck(
        words.dotRows(unit).item(),
        end.dotRows(unit).item(),
        cosine(words, unit),
        cosine(end.minus(words), unit));
  }

  private static double cosine(Tensor x, Tensor unit) {
    double norm = x.norm();
    return norm == 0 ? 0 : x.dotRows(unit).item() / norm;
  }

  /// ‖D‖²_F / ‖D‖²_2; 0 for a matrix of zeros.
  static double stableRank(Tensor rows) {
    double all = rows.square().sum().item();
    var values = Eigen.ofSymmetric(gram(rows)).values();
    return all == 0 ? 0 : all / values.max();
  }

  private static Tensor gram(Tensor rows) {
    return rows.matmul(rows.transpose(0, 1));
  }

  /// Rows on their two main axes, and the share of the variance on each.
  private static List<PcaPoint> axes(Tensor rows, int refused, List<Double> shares) {
    var centred = rows.minus(rows.mean(0));
    double all = centred.square().sum().item();
    var eigen = Eigen.ofSymmetric(gram(centred));
    long n = rows.dim(0);
    double[] values = eigen.values().toDoubles();
    double[] first = axis(eigen, values, n - 1);
    double[] second = axis(eigen, values, n - 2);
    shares.add(share(values[values.length - 1], all));
    shares.add(share(values[values.length - 2], all));
    return IntStream.range(0, first.length)
        .mapToObj(i -> new PcaPoint(i < refused ? "plain" : "harmless", first[i], second[i]))
        .toList();
  }

  private static double[] axis(Eigen eigen, double[] values, long index) {
    double length = Math.sqrt(Math.max(0, values[Math.toIntExact(index)]));
    return eigen.vectors().row(index).times(length).toDoubles();
  }

  private static double share(double value, double all) {
    return all == 0 ? 0 : value / all;
  }

  private static List<Double> list(Tensor values) {
    double[] array = values.toDoubles();
    return IntStream.range(0, array.length).mapToObj(i -> array[i]).toList();
  }
}
