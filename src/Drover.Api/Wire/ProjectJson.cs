namespace Drover.Api;

/// <param name="Prefix">Stands before the numbers of its tickets.</param>
/// <param name="Root">The repository's working tree, or the repository itself when it is bare.</param>
public sealed record ProjectJson(string Id, string Prefix, string Root, DateTimeOffset CreatedAt);

/// <param name="Directory">A directory in the repository.</param>
/// <param name="Id">Null: made from the name in <c>drover.yaml</c>, else from the directory's.</param>
/// <param name="Prefix">Null: made from the prefix in <c>drover.yaml</c>, else from the id.</param>
public sealed record NewProjectJson(string? Directory, string? Id, string? Prefix);

/// <param name="Run">The run it works on, if it works.</param>
/// <param name="Home">The directory that is kept as its own home; null when it lives in the user's.</param>
/// <param name="Command">Program, as a full path where it was found, and leading arguments.</param>
public sealed record AgentJson(
    string Name, string Project, string Adapter, IReadOnlyList<string> Roles, string? Model, string? Run, string? Home, IReadOnlyList<string> Command,
    AbilitiesJson Can, ProofJson Proof);

/// <summary>What an agent's program can: what its adapter declares, less what was found not to work.</summary>
/// <param name="Steer">A message reaches the model inside the running turn; else it waits until the turn has ended.</param>
/// <param name="Interrupt">A turn can be ended and the conversation kept.</param>
/// <param name="Resume">An earlier conversation can be gone on with.</param>
/// <param name="Approval">It asks before it acts, where it is wanted.</param>
/// <param name="Cost">Its vendor tells what a turn has cost.</param>
public sealed record AbilitiesJson(bool Steer, bool Interrupt, bool Resume, bool Fork, bool Approval, bool Cost);

/// <param name="State"><c>proven</c>; <c>gaps</c>: proven, but something failed; <c>refused</c>: no run is started with it; <c>stale</c>: the program has changed since;
/// <c>unproven</c>; <c>missing</c>: there is no such program.</param>
/// <param name="Text">Why it is so; null when there is nothing to say.</param>
/// <param name="Version">The version that was proven.</param>
public sealed record ProofJson(string State, string? Text, string? Version, CardJson? Card);

/// <summary>Work that was saved before something was removed.</summary>
public sealed record SalvageJson(string Name, string Project, string Ref, string Commit, string? Ticket, string? Reason, DateTimeOffset SavedAt);

/// <param name="Truncated">Whether the patch is longer than what is shown.</param>
public sealed record SalvageContentJson(SalvageJson Salvage, string Patch, bool Truncated);

/// <param name="Branch">A branch that does not exist yet; it gets the saved commit.</param>
public sealed record RestoreSalvageJson(string? Name, string? Branch, string? Project, string? Directory);
