package dev.demur.model.hook;

import java.util.Arrays;
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
  /// What is read from each token when a head looks at it, `[pos, kv_head, d_head]`.
  V("attn.hook_v"),
  /// Attention output per head before W_O, `[pos, head, d_head]`.
  Z("attn.hook_z"),
  /// Attention weights after softmax, `[head, query, key]`, one sequence at a time.
  PATTERN("attn.hook_pattern"),
  /// The last query's row of the attention weights, `[head, 1, key]`, one sequence at a time. Read
  /// only: it is computed beside the fused kernel, so reading it costs next to nothing. Not seen
  /// where single tokens are generated.
  PATTERN_LAST("attn.hook_pattern_last");

  private final String text;

  Site(String text) {
    this.text = text;
  }

  /// The name used in files, flags and reports, e.g. `hook_resid_pre`.
  public String text() {
    return text;
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
    return text.substring(text.indexOf("hook_") + "hook_".length());
  }
}
