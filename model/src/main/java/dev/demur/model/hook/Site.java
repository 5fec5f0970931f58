package dev.demur.model.hook;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// A kind of place in a block where activations can be read or replaced.
public enum Site {
  /// Residual stream entering the block, `[pos, d_model]`.
  RESID_PRE("hook_resid_pre"),
  /// What attention adds to the stream (after any post-norm), `[pos, d_model]`.
  ATTN_OUT("hook_attn_out"),
  /// Residual stream between attention and MLP, `[pos, d_model]`; absent in parallel blocks.
  RESID_MID("hook_resid_mid"),
  /// What the MLP adds to the stream (after any post-norm), `[pos, d_model]`.
  MLP_OUT("hook_mlp_out"),
  /// Residual stream leaving the block, before any final norm, `[pos, d_model]`.
  RESID_POST("hook_resid_post"),
  /// Queries as they are projected, before any norm and rotation, `[pos, head, d_head]`.
  Q("attn.hook_q"),
  /// Keys as they are projected, before any norm and rotation, `[pos, kv_head, d_head]`.
  K("attn.hook_k"),
  /// Values: what a head reads from each token it attends to, `[pos, kv_head, d_head]`.
  V("attn.hook_v"),
  /// Attention output per head before W_O, `[pos, head, d_head]`.
  Z("attn.hook_z"),
  /// Scaled scores before softmax, soft-capped where the model does that, −∞ where a query does not
  /// see a key, `[head, query, key]`, one sequence at a time.
  ATTN_SCORES("attn.hook_attn_scores"),
  /// Attention weights after softmax, `[head, query, key]`, one sequence at a time.
  PATTERN("attn.hook_pattern"),
  /// The last query's row of the attention weights, `[head, 1, key]`, one sequence at a time. Read
  /// only: it is computed beside the fused kernel, so reading it costs next to nothing. Not seen
  /// where single tokens are generated.
  PATTERN_LAST("attn.hook_pattern_last"),
  /// MLP neurons after activation and gate, as W_out reads them, `[pos, d_mlp]`; absent where each
  /// token has experts of its own.
  MLP_POST("mlp.hook_post"),
  /// The stream after the last block and the final norm, as the unembedding reads it, `[pos,
  /// d_model]`. Of no block: its hook point is [HookPoint#lnFinal].
  LN_FINAL("ln_final.hook_normalized");

  /// Sites of attention between queries and keys: `[head, query, key]`, one sequence at a time.
  private static final Set<Site> OF_PAIRS = EnumSet.of(ATTN_SCORES, PATTERN, PATTERN_LAST);

  private final String text;

  Site(String text) {
    this.text = text;
  }

  /// The name used in files, flags and reports, e.g. `hook_resid_pre`.
  public String text() {
    return text;
  }

  /// Whether its activation is `[head, query, key]` of one sequence, rather than packed rows.
  public boolean isOfPairs() {
    return OF_PAIRS.contains(this);
  }

  /// Whether it comes before a block's MLP, where every token is computed. In the last block later
  /// sites may be computed for last tokens alone.
  boolean isBeforeMlp() {
    return switch (this) {
      case RESID_PRE, ATTN_OUT, Q, K, V, Z, ATTN_SCORES, PATTERN, PATTERN_LAST -> true;
      case RESID_MID, MLP_POST, MLP_OUT, RESID_POST, LN_FINAL -> false;
    };
  }

  /// Reads a site's name: `hook_resid_pre`, `resid_pre`, `attn.hook_z`, `z`, …
  ///
  /// @throws IllegalArgumentException if no site is called so
  public static Site parse(String name) {
    return Arrays.stream(values())
        .filter(
            site ->
                name.equals(site.text)
                    || name.equals(site.shortName())
                    || name.equals("hook_" + site.shortName()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no site is called \""
                        + name
                        + "\"; sites are "
                        + Arrays.stream(values())
                            .map(Site::shortName)
                            .collect(Collectors.joining(", "))));
  }

  /// The name without prefix, e.g. `resid_pre`.
  public String shortName() {
    return switch (this) {
      case MLP_POST -> "mlp_post";
      case LN_FINAL -> "ln_final";
      case RESID_PRE,
          ATTN_OUT,
          RESID_MID,
          MLP_OUT,
          RESID_POST,
          Q,
          K,
          V,
          Z,
          ATTN_SCORES,
          PATTERN,
          PATTERN_LAST ->
          text.substring(text.indexOf("hook_") + "hook_".length());
    };
  }
}
