package dev.demur.lab.monitor;

import dev.demur.model.arch.writer.WrittenAlong;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.Prompt.Region;
import java.util.List;
import java.util.stream.IntStream;

/// Reads one pass over prompts as a monitor: some rows of two layers, and the last token of the
/// watched heads. Put [#probes] into the plan of the pass that serves the prompts; tokens generated
/// afterwards are not looked at. Changed by that pass.
public final class MonitorWatch {

  private final Monitor monitor;
  private final List<Prompt> prompts;
  private final WrittenAlong along;
  private final List<Integer> layers;
  private final double[] harmfulness;
  private final double[] refusal;
  private final double[] written;
  private final double[] attention;
  private final int[] seen;
  private final int expected;

  MonitorWatch(Monitor monitor, WrittenAlong along, List<Integer> layers, List<Prompt> prompts) {
    this.monitor = monitor;
    this.along = along;
    this.layers = layers;
    this.prompts = List.copyOf(prompts);
    int n = prompts.size();
    this.harmfulness = new double[n];
    this.refusal = new double[n];
    this.written = new double[n];
    this.attention = new double[n];
    this.seen = new int[n];
    this.expected = 2 + 2 * layers.size();
  }

  /// What to read in the pass.
  public HookPlan probes() {
    var plan =
        HookPlan.none()
            .probe(
                at(monitor.harmfulness()),
                (x, p) -> score(monitor.harmfulness(), harmfulness, x, p))
            .probe(at(monitor.refusal()), (x, p) -> score(monitor.refusal(), refusal, x, p));
    for (int layer : layers) {
      plan =
          plan.probe(new HookPoint(layer, Site.PATTERN_LAST), (x, p) -> look(layer, x, p))
              .probe(new HookPoint(layer, Site.Z), (z, p) -> add(layer, z, p));
    }
    return plan;
  }

  private static HookPoint at(Probe probe) {
    return new HookPoint(probe.layer(), Site.RESID_PRE);
  }

  /// What was seen, in the prompts' order.
  ///
  /// @throws IllegalStateException if a prompt has not been run
  public List<MonitorReading> readings() {
    return IntStream.range(0, prompts.size())
        .mapToObj(
            i -> {
              if (seen[i] < expected) {
                throw new IllegalStateException(
                    "prompt " + i + " has not been run with this watch's probes");
              }
              int tokens = prompts.get(i).length();
              return monitor.reading(harmfulness[i], refusal[i], written[i], attention[i], tokens);
            })
        .toList();
  }

  /// The row of a token of a prompt that is being read, whole or in pieces; negative when it is not
  /// in this pass, or was seen.
  ///
  /// @param i packed sequence
  /// @param token of its prompt
  private int row(Rows rows, int i, int token) {
    int prompt = rows.sequences().get(i);
    int behind = token - prompts.get(prompt).length() - rows.firsts().get(i);
    boolean isHere = behind >= 0 && behind < rows.lengths().get(i) && seen[prompt] < expected;
    return isHere ? rows.offsets().get(i) + behind : -1;
  }

  private void score(Probe probe, double[] into, Tensor x, Rows rows) {
    for (int i = 0; i < rows.size(); i++) {
      int prompt = rows.sequences().get(i);
      int row = row(rows, i, probe.place().in(prompts.get(prompt)));
      if (row >= 0) {
        try (var _ = Scope.open()) {
          into[prompt] = probe.of(x.row(row).toFloats());
        }
        seen[prompt]++;
      }
    }
  }

  private void add(int layer, Tensor z, Rows rows) {
    for (int i = 0; i < rows.size(); i++) {
      int prompt = rows.sequences().get(i);
      int row = row(rows, i, prompts.get(prompt).length() - 1);
      if (row >= 0) {
        try (var _ = Scope.open()) {
          var last = z.narrow(0, row, 1);
          for (var head : monitor.heads().heads()) {
            written[prompt] += head.layer() == layer ? along.share(layer, head.head(), last) : 0;
          }
        }
        seen[prompt]++;
      }
    }
  }

  /// @param pattern `[head, 1, key]`
  private void look(int layer, Tensor pattern, Rows rows) {
    int prompt = rows.sequences().getFirst();
    int keys = Math.toIntExact(pattern.dim(2)); // its only row is the last query's
    if (row(rows, 0, prompts.get(prompt).length() - 1) < 0) {
      return;
    }
    var regions = prompts.get(prompt).regions();
    float[] weights = pattern.toFloats();
    var heads = monitor.heads().heads();
    for (var head : heads) {
      for (int key = 0; head.layer() == layer && key < keys; key++) {
        var region = regions.get(key);
        if (region == Region.INSTRUCTION || region == Region.SUFFIX) {
          attention[prompt] += weights[head.head() * keys + key] / heads.size();
        }
      }
    }
    seen[prompt]++;
  }
}
