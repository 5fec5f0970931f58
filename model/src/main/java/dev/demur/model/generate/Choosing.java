package dev.demur.model.generate;

import dev.demur.model.arch.Transformer;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Chooses the next tokens of a batch, each as its request wants it. Logits are formed only for
/// those that need more than the largest.
record Choosing(Transformer transformer) {

  /// Floats of logits formed at once.
  private static final int BLOCK = 1 << 25;

  /// The next token of each sequence; those that cannot have one are failed.
  ///
  /// @param sequences the sequences, one a row
  /// @param normalised final stream after the final norm, `[rows, d_model]`
  List<Written> next(List<Sequence> sequences, Tensor normalised) {
    var all = IntStream.range(0, sequences.size()).boxed().toList();
    var plain = all.stream().filter(i -> sequences.get(i).isPlain()).toList();
    if (plain.size() == sequences.size()) {
      return greedy(normalised);
    }
    var written = new Written[sequences.size()];
    if (!plain.isEmpty()) {
      put(written, plain, greedy(rows(normalised, plain)));
    }
    var rest = all.stream().filter(i -> !sequences.get(i).isPlain()).toList();
    int most = rowsAtOnce();
    for (int start = 0; start < rest.size(); start += most) {
      var block = rest.subList(start, Math.min(rest.size(), start + most));
      var logits = transformer.unembed(rows(normalised, block)).on(Device.CPU).contiguous();
      put(written, block, chosen(block.stream().map(sequences::get).toList(), logits));
    }
    return List.of(written);
  }

  private List<Written> greedy(Tensor normalised) {
    return LongStream.of(transformer.greedy(normalised).toLongs())
        .mapToObj(id -> new Written(Math.toIntExact(id), Optional.empty()))
        .toList();
  }

  private static void put(Written[] all, List<Integer> places, List<Written> some) {
    for (int i = 0; i < some.size(); i++) {
      all[places.get(i)] = some.get(i);
    }
  }

  private static Tensor rows(Tensor x, List<Integer> rows) {
    return x.rows(Tensor.ofIndices(rows.stream().mapToInt(Integer::intValue)));
  }

  /// Rows of logits that do not strain memory.
  private int rowsAtOnce() {
    return Math.max(1, BLOCK / transformer.config().dVocab());
  }

  /// @param logits `[sequences, d_vocab]`, float32, on the host; changed
  private List<Written> chosen(List<Sequence> sequences, Tensor logits) {
    var reported =
        IntStream.range(0, sequences.size())
            .filter(i -> sequences.get(i).request().likeliest().isPresent())
            .boxed()
            .toList();
    var chances = reported.isEmpty() ? logits : rows(logits, reported).logSoftmax();
    long vocab = logits.dim(1);
    var written = new ArrayList<Written>();
    for (int i = 0; i < sequences.size(); i++) {
      var sequence = sequences.get(i);
      int id = 0;
      if (logits.row(i).firstNonFinite() >= 0) {
        sequence.fail(new NumericException("a logit is not a finite number; an edit overflows"));
      } else {
        long bytes = vocab * DType.F32.bytes();
        id = choose(sequence.chooser(), logits.row(i), logits.segment().asSlice(i * bytes, bytes));
      }
      int row = reported.indexOf(i);
      written.add(
          new Written(
              id,
              row < 0
                  ? Optional.empty()
                  : Optional.of(
                      likelihood(
                          chances.row(row), id, sequence.request().likeliest().getAsInt()))));
    }
    return written;
  }

  private static int choose(Chooser chooser, Tensor logits, MemorySegment memory) {
    chooser.adjust(memory);
    var temperature = chooser.temperature();
    return temperature.isEmpty()
        ? Math.toIntExact((long) logits.argmax().item())
        : chooser.draw(logits.times(1 / temperature.getAsDouble()).softmax().toFloats());
  }

  /// @param chances log-probabilities of one row, `[d_vocab]`
  private static Likelihood likelihood(Tensor chances, int id, int likeliest) {
    int count = Math.toIntExact(Math.min(likeliest, chances.dim(0)));
    var indices = count == 0 ? LongStream.of(id) : withTop(chances, id, count);
    long[] ids = indices.toArray();
    double[] values = chances.rows(Tensor.ofLongs(LongStream.of(ids))).toDoubles();
    var alternatives =
        IntStream.range(1, ids.length)
            .mapToObj(i -> new Likelihood.Alternative(Math.toIntExact(ids[i]), values[i]))
            .toList();
    return new Likelihood(values[0], alternatives);
  }

  private static LongStream withTop(Tensor chances, int id, int count) {
    return LongStream.concat(LongStream.of(id), LongStream.of(chances.topIndices(count).toLongs()));
  }

  /// Shows the likelihoods of prompts.
  ///
  /// @param rows of every token
  /// @return rows of last tokens
  Tensor echoed(List<Passes.Stretch> stretches, Tensor rows) {
    var ends = new ArrayList<Integer>();
    int start = 0;
    for (var stretch : stretches) {
      var sequence = stretch.sequence();
      int count = stretch.tokens().size();
      if (sequence.echoes() && stretch.isOfPrompt()) {
        int end = sequence.read();
        int next = Math.min(end + 1, sequence.prompt().size());
        var following = sequence.prompt().slice(end - count + 1, next).toList();
        var own = rows.narrow(0, start, count);
        try {
          int likeliest = sequence.request().likeliest().orElse(0);
          sequence.echo(likelihoods(own, following, likeliest));
        } catch (NumericException e) {
          sequence.fail(e);
        }
      }
      start += count;
      ends.add(start - 1);
    }
    return rows.rows(Tensor.ofIndices(ends.stream().mapToInt(Integer::intValue)));
  }

  /// How likely given tokens were.
  ///
  /// @param normalised final stream after the final norm, a row for each token, `[rows, d_model]`
  /// @param ids the tokens that came next
  /// @param likeliest how many alternatives are reported with each
  private List<Likelihood> likelihoods(Tensor normalised, List<Integer> ids, int likeliest) {
    var all = new ArrayList<Likelihood>();
    int most = rowsAtOnce();
    for (int start = 0; start < ids.size(); start += most) {
      int count = Math.min(most, ids.size() - start);
      var logits = transformer.unembed(normalised.narrow(0, start, count)).on(Device.CPU);
      if (logits.firstNonFinite() >= 0) {
        throw new NumericException("a logit is not a finite number; an edit overflows");
      }
      var chances = logits.logSoftmax();
      for (int row = 0; row < count; row++) {
        all.add(likelihood(chances.row(row), ids.get(start + row), likeliest));
      }
    }
    return all;
  }
}
