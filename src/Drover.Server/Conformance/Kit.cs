using Drover.Core;
using Drover.Server.Verbs;

namespace Drover.Server.Conformance;

/// <summary>Tries everything with one program: its version, then one process that works, then side by side one that returns and one that gets into trouble.</summary>
internal sealed class Kit(KitPlace place, SemaphoreSlim slots)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(40);

    /// <summary>Raised when a step means something else than before, so that older cards are renewed.</summary>
    public const int Number = 2;

    private const int LongestVersion = 100;

    public async Task<ProvenProgram> Prove(KitSubject subject, Action<KitStep, StepResult> told, CancellationToken token)
    {
        var results = new KitResults(told);
        var tree = await place.Tree(subject.Name, token);
        var other = await place.Tree($"{subject.Name}-trouble", token);
        var asked = await InSlot(() => ProgramVersion.Ask(place, subject, tree, token), token);
        if (asked is ProgramVersion.Refused refused) results.Tell(KitStep.Start, StepResult.Failed(refused.Why, refused.Seen));

        var work = new WorkPlay(new(place, subject, results, tree, $"{subject.Name}-work"));
        if (!results.Has(KitStep.Start)) await InSlot(() => Try(results, work.Run, token), token);
        if (!results.Passed(KitStep.Start)) results.SkipRest("it did not start");
        else if (!results.Passed(KitStep.PromptAccepted)) results.SkipRest("it did not accept a prompt");
        else await GoOn(subject, results, work, tree, other, token);

        results.SkipRest("the play did not come so far");
        return new(Printable.Line((asked as ProgramVersion.Known)?.Version ?? work.Version ?? ProgramVersion.Unknown, LongestVersion), results.All);
    }

    private async Task GoOn(KitSubject subject, KitResults results, WorkPlay work, Node.Trees.Worktree tree, Node.Trees.Worktree other, CancellationToken token)
    {
        var back = new ReturnPlay(new(place, subject, results, tree, $"{subject.Name}-return"), work);
        await using var trouble = new TroublePlay(new(place, subject, results, other, $"{subject.Name}-trouble"));
        await using var subscriber = new TroublePlay(new(place, subject, results, other, $"{subject.Name}-subscriber"));
        await Task.WhenAll(
            Steer(subject, results, work.AsksModel, token),
            Return(subject, results, back, token),
            InSlot(() => Try(results, trouble.Run, token), token),
            InSlot(() => Try(results, subscriber.RunAsSubscriber, token), token));
    }

    /// <summary>Where its adapter knows nothing of it.</summary>
    private async Task Steer(KitSubject subject, KitResults results, bool asksModel, CancellationToken token)
    {
        if (!subject.Adapter.Capabilities.MaySayInsideTurn) return;
        var name = $"{subject.Name}-steer";
        var play = new SteerPlay(new(place, subject, results, await place.Tree(name, token), name), asksModel);
        await InSlot(() => Try(results, play.Run, token), token);
    }

    /// <summary>Without a slot while it waits. A wait that would make doctor a matter of minutes is left out: then nothing is known, and the adapter is believed.</summary>
    private async Task Return(KitSubject subject, KitResults results, ReturnPlay back, CancellationToken token)
    {
        if (subject.Known is { ResumesNextMinute: true })
        {
            var wait = TimeSpan.FromSeconds(61) - TimeSpan.FromTicks(place.Time.GetUtcNow().Ticks % TimeSpan.TicksPerMinute);
            if (wait > s_longestWait) results.Tell(KitStep.Resume, StepResult.Skipped("it resumes a conversation only in another minute of the clock, and that was too far off; drover doctor --renew tries again"));
            else await Task.Delay(wait, place.Time, token);
        }

        await InSlot(() => Try(results, back.Run, token), token);
    }

    /// <summary>A program that cannot be started is a result like any other.</summary>
    private static async Task<bool> Try(KitResults results, Func<CancellationToken, Task> run, CancellationToken token)
    {
        try
        {
            await run(token);
            return true;
        }
        catch (Exception e) when (Play.IsStartTrouble(e))
        {
            results.Tell(KitStep.Start, Play.CannotStart(e));
            return false;
        }
    }

    private async Task<T> InSlot<T>(Func<Task<T>> part, CancellationToken token)
    {
        await slots.WaitAsync(token);
        try
        {
            return await part();
        }
        finally
        {
            slots.Release();
        }
    }
}

/// <param name="Version">As the program says it; <see cref="ProgramVersion.Unknown"/> when it says none.</param>
internal sealed record ProvenProgram(string Version, IReadOnlyList<(KitStep Step, StepResult Result)> Steps);
