package dev.demur.lab.audit;

import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Sums of Gram matrices W Wᵀ of writers, each scaled to mean energy 1, by view, component and
/// quarter of the layers. Grows by [#add]; tensors belong to the scope it was made in.
final class PooledGrams {

  private final int layers;
  private final int dModel;
  private final Map<Key, Sum> sums = new HashMap<>();

  private record Key(View view, Component component, int quarter) {}

  /// A sum and the number of writers in it.
  private static final class Sum {
    private final Tensor total;
    private int writers;

    Sum(int dModel) {
      total = Tensor.zeros(DType.F64, dModel, dModel);
    }
  }

  PooledGrams(int layers, int dModel, boolean postNorms) {
    this.layers = layers;
    this.dModel = dModel;
    for (var view : View.values()) {
      if (view != View.MATRIX || postNorms) {
        for (var component : new Component[] {Component.ATTENTION, Component.MLP}) {
          for (int quarter = 0; quarter < (view == View.STREAM ? Pool.QUARTERS : 1); quarter++) {
            sums.put(new Key(view, component, quarter), new Sum(dModel));
          }
        }
      }
    }
  }

  /// Adds one writer.
  ///
  /// @param gram float64 `[d_model, d_model]` in the view's coordinates
  void add(View view, Component component, int layer, Tensor gram) {
    int quarter = view == View.STREAM ? layer * Pool.QUARTERS / layers : 0;
    var sum = Optional.ofNullable(sums.get(new Key(view, component, quarter))).orElseThrow();
    sum.total.addInPlace(gram, 1 / Grams.meanEnergy(gram));
    sum.writers++;
  }

  /// The mean over a pool, or nothing when no writer is in it.
  Optional<Tensor> mean(Pool pool) {
    var total = Tensor.zeros(DType.F64, dModel, dModel);
    int writers = 0;
    for (var entry : sums.entrySet()) {
      var key = entry.getKey();
      boolean inRange = pool.view() != View.STREAM || pool.range().includes(key.quarter);
      if (key.view == pool.view() && pool.part().includes(key.component) && inRange) {
        total.addInPlace(entry.getValue().total);
        writers += entry.getValue().writers;
      }
    }
    return writers == 0 ? Optional.empty() : Optional.of(total.multiplyInPlace(1.0 / writers));
  }
}
