package dev.demur.lab.profile;

import dev.demur.model.ChatModel;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Structure;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.format.TensorInfo;
import java.io.IOException;

/// Parameters one token is multiplied with: no embedding table, and of experts only those in use.
///
/// @param blocks in the blocks and the final norm
/// @param unembedding in the matrix that makes logits
/// @param bytes all of them take where they are read from
record TokenWork(double blocks, double unembedding, double bytes) {

  static TokenWork of(ChatModel model) throws IOException {
    var weights = model.files().weights();
    var structure = Structure.of(model.transformer());
    boolean tied = model.config().tiedEmbeddings();
    double active = 0;
    double bytes = 0;
    for (String name : weights.names()) {
      if (Multimodal.isBesideText(name)) {
        continue;
      }
      var info = weights.info(name);
      double share =
          name.contains(".experts.") && structure.experts() > 0
              ? (double) structure.expertsPerToken() / structure.experts()
              : isEmbedding(name) && !tied ? 0 : 1;
      active += share * info.elements();
      bytes += share * bytes(model, info);
    }
    double unembedding = (double) model.config().dVocab() * model.config().dModel();
    return new TokenWork(active - unembedding, unembedding, bytes);
  }

  /// What a tensor takes where it is read from: a quantised matrix in its file, or in memory.
  static double bytes(ChatModel model, TensorInfo info) {
    var holding = model.transformer().holding();
    double inMemory = (double) info.elements() * holding.dtype().bytes();
    boolean stays = holding.quantised() != Holding.Quantised.DECODED && info.shape().size() == 2;
    return stays ? Math.min((double) info.bytes(), inMemory) : inMemory;
  }

  double all() {
    return blocks + unembedding;
  }

  private static boolean isEmbedding(String name) {
    return name.contains("embed_tokens") || name.contains("wte") || name.contains("embed_in");
  }
}
