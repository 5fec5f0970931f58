package dev.demur.model.forward;

import dev.demur.model.hook.Copies;
import dev.demur.model.hook.Packing;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The residual stream entering every block for a set of prompts, as [Forward#streams] computed it.
///
/// @param prompts how many prompts
/// @param sharedPrefix tokens all prompts begin with that were run once; the first part when > 0
/// @param parts packed rows
public record StreamCache(int prompts, int sharedPrefix, List<Part> parts) {

  public StreamCache {
    parts = List.copyOf(parts);
  }

  /// One packed batch.
  ///
  /// @param packing whose rows they are
  /// @param streams `streams.get(l)` is resid_pre of layer `l`, `[tokens, d_model]`; the last one
  ///   is the final stream
  public record Part(Packing packing, List<Tensor> streams) {
    public Part {
      streams = List.copyOf(streams);
    }

    /// How the copies of these sequences lie: those of one sequence next to each other, so that
    /// equally long ones stay together.
    Packing packing(Copies copies) {
      var sequences = new ArrayList<Integer>();
      var lengths = new ArrayList<Integer>();
      for (int i = 0; i < packing.size(); i++) {
        for (int copy = 0; copy < copies.count(); copy++) {
          sequences.add(copies.sequence(copy, packing.sequences().get(i)));
          lengths.add(packing.lengths().get(i));
        }
      }
      return Packing.of(sequences, lengths);
    }

    /// resid_pre of a layer, `[copy · tokens, d_model]`, as [#packing(Copies)] has it.
    Tensor stream(int layer, Copies copies) {
      var stream = streams.get(layer);
      if (copies.count() == 1) {
        return stream;
      }
      return stream.rows(
          Tensor.ofIndices(
              IntStream.range(0, packing.size())
                  .flatMap(
                      i ->
                          IntStream.range(0, copies.count())
                              .flatMap(
                                  _ ->
                                      IntStream.range(packing.offsets().get(i), packing.end(i))))));
    }
  }
}
