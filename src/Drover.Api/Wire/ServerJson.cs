namespace Drover.Api;

/// <summary>What <c>server.json</c> in the home says of the server that owns it.</summary>
/// <param name="StartTime">Clock ticks after boot; with the boot id it tells a reused pid from the server.</param>
public sealed record ServerFileJson(int Pid, ulong StartTime, string BootId, string Socket, string Url, string Version, DateTimeOffset StartedAt);

public sealed record ServerJson(string Version, int Pid, string Home, string Socket, string Url, DateTimeOffset StartedAt);

/// <summary>The whole picture in one answer, of bounded size however much is on record.</summary>
/// <param name="Cursor">The feed's position that this picture shows: follow it with <c>events --after</c>.</param>
/// <param name="Runs">The runs that are not settled.</param>
/// <param name="Approvals">How many questions of agents wait for an answer; the inbox has them.</param>
public sealed record StatusJson(
    ServerJson Server, string Cursor, IReadOnlyList<ProjectStatusJson> Projects, IReadOnlyList<RunLineJson> Runs, IReadOnlyList<WaitingJson> Waiting, int Approvals);

/// <param name="Tickets">How many tickets stand in each stage.</param>
public sealed record ProjectStatusJson(string Id, string Root, IReadOnlyDictionary<string, int> Tickets)
{
    /// <summary>What is wrong with the newest <c>drover.yaml</c> on the target branch, or with the repository, and what is in force meanwhile; null when all is well.</summary>
    public string? Warning { get; init; }
}

public sealed record RunLineJson(
    string Id, string Name, string Project, string? Ticket, string? Attempt, string Agent, string State, string Status, string Evidence, DateTimeOffset Since, DateTimeOffset CreatedAt,
    UsageJson Usage);

/// <summary>Something that waits for a human.</summary>
public sealed record WaitingJson(string Ticket, string Title, string Stage, string Text);

/// <param name="Url">Opens the page once, within <see cref="ExpiresAt"/>.</param>
public sealed record LoginLinkJson(string Url, DateTimeOffset ExpiresAt);

/// <param name="To">An absolute path that does not exist yet.</param>
public sealed record BackupJson(string? To);

public sealed record BackedUpJson(string File, long Bytes);

public sealed record StoppingJson(int Pid);
