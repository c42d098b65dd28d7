namespace Drover.Api;

/// <param name="Prefix">Stands before the numbers of its tickets.</param>
/// <param name="Root">The repository's working tree, or the repository itself when it is bare.</param>
public sealed record ProjectJson(string Id, string Prefix, string Root, DateTimeOffset CreatedAt);

/// <param name="Directory">A directory in the repository.</param>
/// <param name="Id">Null: made from the name in <c>drover.yaml</c>, else from the directory's.</param>
/// <param name="Prefix">Null: made from the prefix in <c>drover.yaml</c>, else from the id.</param>
public sealed record NewProjectJson(string? Directory, string? Id, string? Prefix);

/// <param name="Run">The run it works on, if it works.</param>
public sealed record AgentJson(string Name, string Project, string Adapter, IReadOnlyList<string> Roles, string? Model, string? Run);

/// <summary>Work that was saved before something was removed.</summary>
public sealed record SalvageJson(string Name, string Project, string Ref, string Commit, string? Ticket, string? Reason, DateTimeOffset SavedAt);

/// <param name="Truncated">Whether the patch is longer than what is shown.</param>
public sealed record SalvageContentJson(SalvageJson Salvage, string Patch, bool Truncated);

/// <param name="Branch">A branch that does not exist yet; it gets the saved commit.</param>
public sealed record RestoreSalvageJson(string? Name, string? Branch, string? Project, string? Directory);
