package dev.demur.lab.profile;

import dev.demur.model.ChatModel;
import dev.demur.model.arch.Structure;
import java.io.IOException;

/// Parameters one token is multiplied with: no embedding table, and of experts only those in use.
///
/// @param blocks in the blocks and the final norm
/// @param unembedding in the matrix that makes logits
record TokenWork(double blocks, double unembedding) {

  static TokenWork of(ChatModel model) throws IOException {
    var weights = model.files().weights();
    var structure = Structure.of(model.transformer());
    double unembedding = (double) model.config().dVocab() * model.config().dModel();
    double active = model.config().tiedEmbeddings() ? unembedding : 0;
    for (String name : weights.names()) {
      double elements = weights.info(name).elements();
      if (name.contains("experts") && structure.experts() > 0) {
        active += elements * structure.expertsPerToken() / structure.experts();
      } else if (!isEmbedding(name)) {
        active += elements;
      }
    }
    return new TokenWork(active - unembedding, unembedding);
  }

  double all() {
    return blocks + unembedding;
  }

  private static boolean isEmbedding(String name) {
    return name.contains("embed_tokens") || name.contains("wte") || name.contains("embed_in");
  }
}
