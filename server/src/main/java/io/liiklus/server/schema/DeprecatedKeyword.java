package io.liiklus.server.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;

/** The keyword {@code deprecated}, which refuses each value that it stands for. Immutable. */
final class DeprecatedKeyword extends AbstractKeyword {

  DeprecatedKeyword() {
    super("deprecated");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode node, Schema parent, SchemaContext context) {
    return new Refusal(this, location, node, parent, context);
  }

  private static final class Refusal extends BaseKeywordValidator {

    Refusal(
        DeprecatedKeyword keyword,
        SchemaLocation location,
        JsonNode node,
        Schema parent,
        SchemaContext context) {
      super(keyword, node, location, parent, context);
    }

    @Override
    public void validate(ExecutionContext execution, JsonNode value, JsonNode root, NodePath at) {
      if (schemaNode.asBoolean()) {
        execution.addError(
            error()
                .instanceNode(value)
                .instanceLocation(at)
                .evaluationPath(execution.getEvaluationPath())
                .message("is deprecated")
                .build());
      }
    }
  }
}
