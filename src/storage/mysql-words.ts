import {
  ColumnUpdateNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type KyselyPlugin,
  OnDuplicateKeyNode,
  OperationNodeTransformer,
  type QueryId,
  SelectModifierNode,
} from "kysely";

/** Says in MySQL's words what our tables say in those of SQLite and PostgreSQL, where the two differ. */
export function mysqlWords(): KyselyPlugin {
  const transformer = new Transformer();
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class Transformer extends OperationNodeTransformer {
  /**
   * `on conflict … do nothing` becomes an update that changes nothing: it counts as no row, and unlike `insert ignore` it
   * forgives nothing but the double key. `do update` stays what it is, for whichever key was there.
   */
  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const { onConflict, ...insert } = super.transformInsertQuery(node, queryId);
    if (onConflict === undefined) return insert;
    const [column] = onConflict.columns ?? [];
    if (column === undefined || onConflict.updateWhere !== undefined)
      throw new TypeError("MySQL knows `on conflict (…)` only with columns, and no condition.");
    const nothing = [ColumnUpdateNode.create(column, column)];
    return { ...insert, onDuplicateKey: OnDuplicateKeyNode.create(onConflict.updates ?? nothing) };
  }

  /** MariaDB answers what it deletes, MySQL does not: what works on one of the two only must not pass. */
  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    if (node.returning !== undefined) throw new TypeError("MySQL knows no `returning`: read, lock, delete.");
    return super.transformDeleteQuery(node, queryId);
  }

  /** `for no key update` is PostgreSQL's alone. */
  protected override transformSelectModifier(
    node: SelectModifierNode,
    queryId?: QueryId,
  ): SelectModifierNode {
    const modifier = super.transformSelectModifier(node, queryId);
    if (modifier.modifier !== "ForNoKeyUpdate") return modifier;
    return SelectModifierNode.create("ForUpdate", modifier.of && [...modifier.of]);
  }
}
