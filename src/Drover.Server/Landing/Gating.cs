using System.Globalization;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Trees;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <param name="Failure">How it failed, to follow its name in a sentence.</param>
internal sealed record FailedGate(string Gate, string Failure);

/// <summary>Runs the target branch's gates on exactly the tree that would land, in a clean checkout of it, and writes a receipt for each. A gate that has a
/// receipt for that tree does not run again.</summary>
internal sealed class Gating(RunPlace place, OpenProject project, LandingRow landing)
{
    public static bool Passed(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) => Receipt(gate, receipts) is { Passed: true };

    /// <summary>Null when all gates have passed, or nobody wants the result any more, or one was lost and has to run again; else the first that failed.</summary>
    public async Task<FailedGate?> Run(ProjectConfig config, CommitSha configFrom, CancellationToken ct)
    {
        foreach (var gate in config.Gates)
        {
            if (Passed(gate, place.Journal.Read(db => ReceiptTable.Of(db, landing.Project, landing.Tree!.Value)))) continue;
            var job = SideJob.IdOf($"gate {landing.Id} {gate.Name} {string.Join('\0', gate.Arguments)}");
            var end = await Run(gate, job, config.Sandbox, ct);
            place.Crash.At(CrashPoint.GatesRun);
            if (end is null) return null;
            await Record(gate, job, configFrom, end);
            place.Crash.At(CrashPoint.ReceiptStored);
            await project.Checkouts.Discard(NameOf(landing.Id, job), ct);
            if (end.Failure is { } failure) return new(gate.Name, failure);
        }

        return null;
    }

    /// <summary>Ends this landing's gates and takes their checkouts away: nobody wants them any more, or a server died over them.</summary>
    public Task Clear(CancellationToken ct) => Clear(place, project, (id, _) => id == landing.Id, ct);

    /// <summary>The same for all landings that are no longer on their way, and for gates whose receipt is stored: a server died before it took their checkout away.
    /// While none of the project's gates runs.</summary>
    public static Task Sweep(RunPlace place, OpenProject project, CancellationToken ct) => Clear(place, project, (id, job) => place.Journal.Read(db =>
        LandingTable.Get(db, id) is not { } row || !row.State.IsOpen() || (row.Tree is { } tree && ReceiptTable.Of(db, row.Project, tree).Exists(r => r.Log == job.Value))), ct);

    private static async Task Clear(RunPlace place, OpenProject project, Func<long, RunId, bool> isOver, CancellationToken ct)
    {
        foreach (var name in project.Checkouts.Names())
        {
            if (name.Split('-') is not [var id, var job] || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var landing)) continue;
            if (RunId.TryParse(job) is not { } run || !isOver(landing, run)) continue;
            await Stopper.Stop(place.Job(run), TimeSpan.Zero, place.Time, ct);
            await project.Checkouts.Discard(name, ct);
        }
    }

    /// <summary>A checkout belongs to one gate: what an earlier one has left cannot help or harm the next.</summary>
    private static string NameOf(long landing, RunId job) => $"{landing.ToString(CultureInfo.InvariantCulture)}-{job}";

    /// <summary>Null when it says nothing: the machine went down under it, or nobody wants it any more.</summary>
    private async Task<SideJobEnd?> Run(CommandConfig gate, RunId job, SandboxConfig sandbox, CancellationToken ct)
    {
        var name = NameOf(landing.Id, job);
        // A gate that an earlier server started may still work in its checkout.
        var isNew = Keeper.Look(place.Job(job)) is JobState.NotStarted;
        var checkout = (isNew ? null : project.Checkouts.Find(name, null)) ?? await project.Checkouts.MakeClean(name, landing.New!.Value, ct) switch
        {
            WorktreeMaking.Made made => made.Worktree,
            WorktreeMaking.Refused refused => throw new IOException($"the checkout for the gates cannot be made: {refused.Why}"),
            var other => throw new InvalidOperationException($"{other} is no way to make a worktree"),
        };
        if (isNew) await place.Journal.Do(Priority.Urgent, tx => Tell(tx, EventTypes.GateStarted, ("gate", gate.Name), ("job", job.Value)));
        var end = await new SideJob(place, job).Run(
            new(gate.Name, gate.Arguments, gate.Timeout), checkout, new(sandbox.Mode, sandbox.Read, sandbox.Write, sandbox.Network), IsUnwanted, ct);
        if (!end.IsLost && !IsUnwanted()) return end;
        await project.Checkouts.Discard(name, ct);
        return null;
    }

    private bool IsUnwanted() => place.Journal.Read(db => LandingTable.Get(db, landing.Id)) is not { State: LandingState.Testing };

    private Task Record(CommandConfig gate, RunId job, CommitSha configFrom, SideJobEnd end) => place.Journal.Do(Priority.Urgent, tx =>
    {
        ReceiptTable.Insert(tx, new(
            ReceiptTable.NextId(tx), landing.Project, landing.Tree!.Value, gate.Name, gate.Arguments, configFrom, end.Failure is null, end.Code, end.Took,
            job.Value, end.Output, tx.Now));
        Tell(tx, end.Failure is null ? EventTypes.GatePassed : EventTypes.GateFailed,
            ("gate", gate.Name), ("tree", landing.Tree!.Value.Value), ("exitCode", end.Code), ("milliseconds", (long)end.Took.TotalMilliseconds),
            ("output", end.Failure is null ? null : end.Output));
    });

    private static ReceiptRow? Receipt(CommandConfig gate, IReadOnlyList<ReceiptRow> receipts) =>
        receipts.FirstOrDefault(r => r.Gate == gate.Name && r.Command.SequenceEqual(gate.Arguments));

    private void Tell(Tx tx, string type, params ReadOnlySpan<(string, object?)> data) =>
        tx.Emit(type, new(landing.Project, landing.Ticket), Principal.Server("landing"), EventBody.Object([.. data, ("landing", landing.Id)]));
}
