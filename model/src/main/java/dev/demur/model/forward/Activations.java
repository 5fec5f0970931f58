package dev.demur.model.forward;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What a run kept of its activations, float32. All tensors it gives out are its own and live until
/// it is closed.
///
/// ```java
/// try (var a = model.run(prompts, Capture.at(Site.RESID_PRE).positions(-5, -1), plan)) {
///   var stream = a.get(new HookPoint(8, Site.RESID_PRE)); // [prompt, 5, d_model]
/// }
/// ```
public final class Activations implements AutoCloseable {

  private final Map<HookPoint, Kept> kept;
  private final Optional<Tensor> logits;
  private final Scope.Lifetime lifetime;

  private Activations(Map<HookPoint, Kept> kept, Optional<Tensor> logits, Scope.Lifetime lifetime) {
    this.kept = kept;
    this.logits = logits;
    this.lifetime = lifetime;
  }

  static Activations of(Forward forward, List<TokenIds> prompts, Capture capture, HookPlan plan) {
    try (var _ = Torch.inference();
        var owner = Scope.open()) {
      var kept = new LinkedHashMap<HookPoint, Kept>();
      Optional<Tensor> logits;
      try (var inner = Scope.open()) {
        var watched = plan;
        for (var part : capture.parts()) {
          var sizes = sizes(prompts, part.positions());
          for (var point : part.points(forward.transformer())) {
            var keeper =
                point.site().isOfPairs() ? new Pairs(inner, sizes) : new Stacked(inner, sizes);
            if (kept.put(point, keeper) != null) {
              throw new IllegalArgumentException(point + " is in two parts of a capture");
            }
            watched = watched.probeAt(point, part.positions(), keeper::take);
          }
        }
        logits = run(forward, prompts, capture, watched).map(inner::keep);
        switch (capture.lying()) {
          case ON_THE_HOST -> kept.values().forEach(Kept::bringHome);
          case WITH_THE_BLOCKS -> {}
        }
      }
      return new Activations(kept, logits, owner.extend());
    }
  }

  private static Optional<Tensor> run(
      Forward forward, List<TokenIds> prompts, Capture capture, HookPlan plan) {
    return switch (capture.logits()) {
      case OF_LAST_TOKEN -> Optional.of(forward.lastLogits(prompts, plan));
      case NONE -> {
        forward.run(prompts, plan);
        yield Optional.empty();
      }
    };
  }

  /// How many tokens of each prompt are kept.
  private static List<Integer> sizes(List<TokenIds> prompts, Positions positions) {
    return IntStream.range(0, prompts.size())
        .mapToObj(
            i -> {
              int size = prompts.get(i).size();
              boolean bounded = positions.from() != Integer.MIN_VALUE;
              if (positions.from() >= 0 || (bounded && -positions.from() > size)) {
                throw new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "prompt %d has %d tokens, at positions %d to -1; there is none at %s",
                        i,
                        size,
                        -size,
                        positions));
              }
              return Rows.single(i, size).at(positions).tokens();
            })
        .toList();
  }

  /// The activations of one place, of all prompts: `[prompt, pos, …]`, or for scores and patterns
  /// `[prompt, head, pos, key]`.
  ///
  /// @return a view of what is kept, or a copy for scores and patterns
  /// @throws IllegalArgumentException if it was not kept, or prompts differ in length where that
  ///   shows in the shape; then ask prompt by prompt
  public Tensor get(HookPoint point) {
    return at(point).all();
  }

  /// The activations of one place, of one prompt: `[pos, …]`, or `[head, pos, key]`.
  ///
  /// @throws IllegalArgumentException if it was not kept
  public Tensor get(HookPoint point, int prompt) {
    return at(point).of(prompt);
  }

  /// Logits at each prompt's last token, `[prompt, d_vocab]`.
  ///
  /// @throws IllegalStateException if the capture left them out
  public Tensor logits() {
    return logits.orElseThrow(
        () -> new IllegalStateException("the capture was made without logits"));
  }

  /// All places that were kept, site after site.
  public Set<HookPoint> points() {
    return kept.keySet();
  }

  private Kept at(HookPoint point) {
    var found = kept.get(point);
    if (found == null) {
      throw new IllegalArgumentException(point + " was not kept; kept are " + kept.keySet());
    }
    return found;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  /// What is kept of one place.
  private sealed interface Kept {

    /// Takes what a batch shows.
    void take(Tensor activation, Rows rows);

    /// Brings all to the host, once, when the run is over.
    void bringHome();

    Tensor all();

    Tensor of(int prompt);
  }

  /// Packed rows, put where their prompt's are.
  private static final class Stacked implements Kept {
    private final Scope inner;
    private final List<Integer> sizes;
    private final long[] starts;
    private Optional<Tensor> rows = Optional.empty();

    Stacked(Scope inner, List<Integer> sizes) {
      this.inner = inner;
      this.sizes = sizes;
      this.starts = new long[sizes.size() + 1];
      for (int i = 0; i < sizes.size(); i++) {
        starts[i + 1] = starts[i] + sizes.get(i);
      }
    }

    @Override
    public void take(Tensor activation, Rows seen) {
      var all = rows.orElseGet(() -> room(activation));
      rows = Optional.of(all);
      var places =
          Tensor.ofLongs(
              IntStream.range(0, seen.size())
                  .boxed()
                  .flatMapToLong(
                      i -> {
                        int prompt = seen.sequences().get(i);
                        // The last row of a prompt's is that of its last kept position.
                        long behind = starts[prompt + 1];
                        return LongStream.range(behind - seen.lengths().get(i), behind);
                      }));
      all.copyRowsInPlace(places, activation.to(DType.F32));
    }

    @Override
    public void bringHome() {
      rows = rows.map(all -> inner.keep(all.on(Device.CPU)));
    }

    private Tensor room(Tensor like) {
      long[] shape = like.shape().stream().mapToLong(Long::longValue).toArray();
      shape[0] = starts[starts.length - 1];
      return inner.keep(Tensor.empty(like.device(), DType.F32, shape));
    }

    private Tensor rows() {
      return rows.orElseThrow(() -> new IllegalStateException("the run did not reach this place"));
    }

    @Override
    public Tensor all() {
      if (sizes.stream().distinct().count() > 1) {
        throw new IllegalArgumentException(
            "prompts have different lengths, so they do not stack; name positions they all have,"
                + " or ask prompt by prompt");
      }
      var shape =
          LongStream.concat(
              LongStream.of(sizes.size(), sizes.getFirst()),
              rows().shape().stream().skip(1).mapToLong(Long::longValue));
      return rows().reshape(shape.toArray());
    }

    @Override
    public Tensor of(int prompt) {
      return rows().narrow(0, starts[prompt], sizes.get(prompt));
    }
  }

  /// Scores or patterns, one tensor a prompt: their keys are as many as the prompt's tokens.
  private static final class Pairs implements Kept {
    private final Scope inner;
    private final int count;
    private final Map<Integer, Tensor> prompts = new HashMap<>();

    Pairs(Scope inner, List<Integer> sizes) {
      this.inner = inner;
      this.count = sizes.size();
    }

    @Override
    public void take(Tensor activation, Rows seen) {
      prompts.put(seen.sequences().getFirst(), inner.keep(activation.to(DType.F32).copy()));
    }

    @Override
    public void bringHome() {
      prompts.replaceAll((_, pairs) -> inner.keep(pairs.on(Device.CPU)));
    }

    @Override
    public Tensor all() {
      var all = IntStream.range(0, count).mapToObj(this::of).toList();
      if (all.stream().map(Tensor::shape).distinct().count() > 1) {
        throw new IllegalArgumentException(
            "prompts have different lengths, so their scores do not stack; ask prompt by prompt");
      }
      return Tensor.stack(all);
    }

    @Override
    public Tensor of(int prompt) {
      return Optional.ofNullable(prompts.get(prompt))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "nothing was kept of prompt "
                          + prompt
                          + "; of the last query's pattern there is position -1 only"));
    }
  }
}
