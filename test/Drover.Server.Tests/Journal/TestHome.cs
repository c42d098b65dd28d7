using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Tests.Journaling;

/// <summary>A DROVER_HOME of its own in the temporary directory, with a real journal in it.</summary>
internal sealed class TestHome : IDisposable
{
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private Journal? journal;

    internal TestHome() => Path = Directory.CreateTempSubdirectory("drover-journal-").FullName;

    internal string Path { get; }

    internal string File => System.IO.Path.Combine(Path, "drover.db");

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal Journal Journal => journal ??= Journal.Open(Path, Time);

    internal void Close()
    {
        journal?.Dispose();
        journal = null;
    }

    /// <summary>The journal as a restarted server sees it.</summary>
    internal Journal Reopen()
    {
        Close();
        return Journal;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>Rows to start from; tests change what they speak of.</summary>
internal static class Some
{
    internal static readonly Principal Ann = new(PrincipalKind.Human, "ann");

    internal static readonly ProjectId App = new("app");

    internal static readonly TicketKey App1 = new("APP", 1);

    internal static readonly AttemptId Attempt1 = new(App1, 1);

    internal static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static readonly RunOrder Order = new("be quick", "the whole prompt", """{"model":"m"}""", ["claude", "-p", "it's \"quoted\""]);

    internal static ProjectRow Project(string id = "app", string prefix = "APP") =>
        new(new(id), $"/src/{id}", $"/src/{id}/.git", prefix, 1, Noon, null);

    internal static TicketRow Ticket(TicketKey? key = null, string project = "app") => new(
        key ?? App1, new(project), "A title", "A body", "task", 2, null, Stage.Ready, false, ["it works"], null, null, null, null, Ann, Noon, Noon);

    internal static AttemptRow Attempt(AttemptId? id = null, TicketKey? ticket = null) => new(
        App, id ?? Attempt1, ticket ?? App1, (id ?? Attempt1).Branch, NodeId.Local, null, WorktreeState.None, null, null, null, null, null, null, null, Noon);

    internal static RunRow Run(string id, string agent = "coder-1", Role role = Role.Coder, AttemptId? attempt = null, string? name = null) => new(
        new(id), App, App1, attempt ?? Attempt1, role, agent, "claude", new(name ?? $"run-{id}"), NodeId.Local, null, null, RunState.Reserved, Noon,
        null, null, false, false, null, null, null);

    /// <summary>A project with one ticket and one attempt.</summary>
    internal static void Begin(Tx tx)
    {
        ProjectTable.Insert(tx, Project());
        TicketTable.Insert(tx, Ticket());
        AttemptTable.Insert(tx, Attempt());
    }
}
