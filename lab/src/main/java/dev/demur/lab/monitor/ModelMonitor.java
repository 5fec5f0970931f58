package dev.demur.lab.monitor;

import dev.demur.lab.explain.Component;
import dev.demur.model.ChatModel;
import dev.demur.model.arch.writer.WrittenAlong;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.util.List;

/// A monitor at work on one model: what has to be computed once is. Belongs to the scope it was
/// made in.
public final class ModelMonitor {

  private final Monitor monitor;
  private final WrittenAlong along;
  private final List<Integer> layers;

  ModelMonitor(Monitor monitor, ChatModel model) {
    this.monitor = monitor;
    var direction = monitor.heads().direction();
    float[] unit = new float[direction.size()];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = direction.get(i);
    }
    this.along = WrittenAlong.of(model.transformer(), Tensor.of(unit, unit.length));
    this.layers =
        monitor.heads().heads().stream().map(Component::layer).distinct().sorted().toList();
  }

  /// Watches one pass over prompts.
  public MonitorWatch watch(List<Prompt> prompts) {
    return new MonitorWatch(monitor, along, layers, prompts);
  }
}
