using Drover.Api;
using Drover.Core;
using Drover.Server.Host;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Scheduling;

namespace Drover.Server.Runs;

/// <summary>What starts, tells, stops and removes runs.</summary>
internal static class RunOrderRoutes
{
    public static void Map(Routes routes, Journal journal, Work work, UsageView usage)
    {
        routes.Command<StartRunJson, (RunGround Ground, RunWish Wish), StartedJson>("POST", "/runs", Access.Owner, 201,
            async (ask, body) => (await work.Start.Ground(Wish(body).Ticket, ask.Http.RequestAborted), Wish(body)),
            (ask, found, tx) => work.Start.Reserve(tx, found.Ground, found.Wish, ask.Who) switch
            {
                Reservation.Made made => new(RunView.Brief(tx, made.Run, usage, tx.Now) with { Warning = found.Ground.Warning }, null),
                Reservation.Waits waits => new(null, Queueing.Do(tx, found.Wish, waits.Why, ask.Who)),
                var other => throw new InvalidOperationException($"{other} is no reservation"),
            });
        foreach (var how in (ReadOnlySpan<Continuation>)[Continuation.Resume, Continuation.Refine]) MapContinuation(routes, work, usage, how);
        routes.Command<SayJson, SteerJson>("POST", "/runs/{run}/say", Access.Owner, 202, (ask, body, tx) =>
        {
            var run = RunRoutes.Find(tx, ask.Part("run"));
            var steer = RunCommands.Say(tx, run, body.Text, Mode(body.Mode), MessageId.New(work.Place.Random), ask.Who);
            var settings = RunSettings.Parse(RunTable.OrderOf(tx, run.Id)!.Settings);
            var can = work.Place.Proven(run.Adapter, settings.Program)?.With(settings.Options);
            return SteerView.Of(steer) with { Note = SteerView.WithoutTurn(tx, run, steer.Mode, settings.Limits, can) ?? SteerView.Shortfall(run, steer.Mode, can) };
        });
        routes.Command<ReasonJson, RunJson>("POST", "/runs/{run}/stop", Access.Human, 202, (ask, body, tx) =>
        {
            var run = RunRoutes.Find(tx, ask.Part("run"));
            RunCommands.Stop(tx, run, body.Reason, ask.Who);
            return RunView.Brief(tx, RunTable.Get(tx, run.Id)!, usage, tx.Now);
        });
        routes.Deed<ReasonJson, RemovedJson>("DELETE", "/runs/{run}", Access.Human, 200, async (ask, _) =>
        {
            var named = ask.Part("run");
            // Removing what is not there leaves things as they were asked to be.
            if (journal.Read(db => RunRoutes.TryFind(db, named)) is not { } run) return new(named, false);
            await new RemoveRun(work.Place).Do(run, ask.Who, ask.Http.RequestAborted);
            return new(run.Name.Value, true);
        });
    }

    private static void MapContinuation(Routes routes, Work work, UsageView usage, Continuation how) => routes.Command<ContinueRunJson, (RunGround Ground, ContinueRunJson Wish), RunJson>(
        "POST", $"/runs/{{run}}/{how.Word()}", Access.Owner, 201,
        async (ask, body) => (await work.Continue.Ground(ask.Part("run"), ask.Http.RequestAborted), body),
        (ask, found, tx) => RunView.Brief(tx, work.Continue.Reserve(tx, found.Ground, ask.Part("run"), how, found.Wish, ask.Who), usage, tx.Now) with { Warning = found.Ground.Warning });

    private static RunWish Wish(StartRunJson body) => new(
        TicketKey.TryParse(body.Ticket) ?? throw new Refusal(Problems.InvalidValue, "is a ticket's key like APP-12", "ticket"),
        body.Agent, body.Role is null ? Role.Coder : Words.TryParse<Role>(body.Role) ?? throw new Refusal(Problems.InvalidValue, $"is one of {string.Join(", ", Words.All<Role>())}", "role"),
        body.Instruction, body.NoWorktree, body.Cleanup);

    private static SteerMode Mode(string? word) => word is null ? SteerMode.Next
        : Words.TryParse<SteerMode>(word) ?? throw new Refusal(Problems.InvalidValue, $"is one of {string.Join(", ", Words.All<SteerMode>())}", "mode");
}
