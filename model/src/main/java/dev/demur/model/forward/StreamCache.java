package dev.demur.model.forward;

import dev.demur.model.hook.Copies;
import dev.demur.model.hook.Rows;
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

  /// Tokens of the shortest prompt behind what all begin with; `Integer.MAX_VALUE` when nothing was
  /// shared, so that all tokens are each prompt's own.
  int ownTokens() {
    return sharedPrefix == 0
        ? Integer.MAX_VALUE
        : parts.stream()
            .skip(1)
            .flatMap(part -> part.rows.lengths().stream())
            .mapToInt(Integer::intValue)
            .min()
            .orElse(0);
  }

  /// One packed batch.
  ///
  /// @param rows whose rows they are
  /// @param ids their tokens, int64 `[tokens]`
  /// @param streams `streams.get(l)` is resid_pre of layer `l`, `[tokens, d_model]`; the last one
  ///   is the final stream
  public record Part(Rows rows, Tensor ids, List<Tensor> streams) {
    public Part {
      streams = List.copyOf(streams);
    }

    /// How the copies of these sequences lie: those of one sequence next to each other, so that
    /// equally long ones stay together.
    Rows rows(Copies copies) {
      var sequences = new ArrayList<Integer>();
      var lengths = new ArrayList<Integer>();
      var firsts = new ArrayList<Integer>();
      for (int i = 0; i < rows.size(); i++) {
        for (int copy = 0; copy < copies.count(); copy++) {
          sequences.add(copies.sequence(copy, rows.sequences().get(i)));
          lengths.add(rows.lengths().get(i));
          firsts.add(rows.firsts().get(i));
        }
      }
      return Rows.from(sequences, lengths, firsts);
    }

    /// resid_pre of a layer, `[copy · tokens, d_model]`, as [#rows(Copies)] has it.
    Tensor stream(int layer, Copies copies) {
      return copied(streams.get(layer), copies);
    }

    /// Tokens, int64 `[copy · tokens]`.
    Tensor ids(Copies copies) {
      return copied(ids, copies);
    }

    private Tensor copied(Tensor all, Copies copies) {
      if (copies.count() == 1) {
        return all;
      }
      return all.rows(
          Tensor.ofIndices(
              IntStream.range(0, rows.size())
                  .flatMap(
                      i ->
                          IntStream.range(0, copies.count())
                              .flatMap(_ -> IntStream.range(rows.offsets().get(i), rows.end(i))))));
    }
  }
}
