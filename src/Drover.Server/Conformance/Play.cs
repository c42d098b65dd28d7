using System.ComponentModel;
using Drover.Agents;
using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Runs;

namespace Drover.Server.Conformance;

/// <summary>What the plays have in common: how a process is started, and how what was seen becomes a result.</summary>
internal sealed class Play(KitPlace place, KitSubject subject, KitResults results, Worktree tree, string name)
{
    /// <summary>Bounds are generous: several programs start at once on a machine that may be slow. What is well needs none of them.</summary>
    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30), AcceptBound = TimeSpan.FromSeconds(20), TurnBound = TimeSpan.FromSeconds(45),
        StopBound = TimeSpan.FromSeconds(10), RetryBound = TimeSpan.FromSeconds(10), TroubleBound = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, string> s_nothing = [];

    private int _processes;

    public KitSubject Subject => subject;

    public KitResults Results => results;

    public Worktree Tree => tree;

    public KitPlace Place => place;

    public AdapterCapabilities Can => subject.Adapter.Capabilities;

    /// <summary>The requests that the model server of the last process got.</summary>
    public ModelWrap Model { get; private set; } = null!;

    /// <param name="resume">The conversation to go on with; null for a new one.</param>
    public Task<AgentTalk> Open(string? resume, PlayWish wish, CancellationToken token) => Open(resume, false, wish, token);

    /// <summary>With a copy of the conversation.</summary>
    public Task<AgentTalk> OpenFork(string original, CancellationToken token) => Open(original, true, PlayWish.Usual, token);

    private async Task<AgentTalk> Open(string? resume, bool forks, PlayWish wish, CancellationToken token)
    {
        Model = place.Model($"{name}-{++_processes}");
        var setup = subject.Setup(Model.Url);
        var home = place.HomeOf(subject);
        foreach (var (file, text) in setup.Files) await Put(Path.Combine(home, file), text, token);

        var launch = subject.Adapter.Plan(new(
            subject.Rehearsed(setup), tree.Path, Guid.NewGuid().ToString(), resume, setup.Model, place.Sandbox.IsSandboxed, s_nothing)
        {
            IsolatedHome = home,
            AsksApprovals = wish == PlayWish.Asking,
            Forks = forks,
            ShownToSteer = wish == PlayWish.Steering,
        });
        var asSubscriber = wish == PlayWish.AsSubscriber ? setup.AsSubscriber : null;
        List<KeyValuePair<string, string>> named = [];
        foreach (var file in launch.Files)
        {
            named.Add(new(file.Variable, Path.Combine(home, $"handed-{file.Variable}")));
            await Put(named[^1].Value, file.Text, token);
        }

        var process = await place.Start(launch.Arguments, [.. launch.Environment, .. named, .. setup.Environment, .. asSubscriber ?? s_nothing], tree, home, Model, token);
        return await AgentTalk.Begin(subject.Adapter, launch, process, new FileDesk(tree.Path, true), place.Random, place.Time, token);
    }

    /// <summary>By rename: other plays of the program write the same at the same time.</summary>
    private async Task Put(string path, string text, CancellationToken token)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync($"{path}.{name}", text, token);
        File.Move($"{path}.{name}", path, overwrite: true);
    }

    /// <summary>A prompt that the script knows, and how its turn ended; null when it did not within the bound.</summary>
    public static async Task<TurnEnding?> Turn(AgentTalk talk, string prompt, CancellationToken token)
    {
        var mark = talk.Mark;
        await talk.Prompt(prompt, token);
        return await talk.End(mark, TurnBound, token);
    }

    public void Tell(KitStep step, StepResult result) => results.Tell(step, result);

    /// <summary>A turn that ought to have succeeded.</summary>
    public static StepResult Judge(AgentTalk talk, TurnEnding? ending) => ending switch
    {
        { Outcome: Outcome.Succeeded } => StepResult.Passed,
        { } other => StepResult.Failed($"the turn ended as {Name(other)}: {other.Reason}", talk.Evidence()),
        null => StepResult.Failed($"the turn did not end within {Words(TurnBound)}", talk.Evidence()),
    };

    public static string Name(TurnEnding ending) => ending.Class is { } c ? $"{ending.Outcome.Word()} ({c.Word()})" : ending.Outcome.Word();

    public static string Words(TimeSpan bound) => $"{bound.TotalSeconds:0} s";

    /// <summary>Throws when the machine and not the program is to blame.</summary>
    /// <exception cref="KitFailedException">The model server did not come up.</exception>
    public void BlameModel()
    {
        if (Model.Trouble is { } trouble) throw new KitFailedException($"the model server that plays the script did not start: {trouble}");
    }

    /// <summary>What the program could not even be started for.</summary>
    public static StepResult CannotStart(Exception e) => StepResult.Failed($"it cannot be started: {e.Message}", []);

    public static bool IsStartTrouble(Exception e) => e is Win32Exception or LaunchImpossibleException or IOException or UnauthorizedAccessException;
}

/// <summary>The kit itself does not work on this machine; nothing is known of the program.</summary>
internal sealed class KitFailedException(string message) : Exception(message);

/// <summary>How a process is wanted.</summary>
internal enum PlayWish
{
    /// <summary>As a run has it on this machine.</summary>
    Usual,

    /// <summary>As a run has it whose approvals a human gives, so that it asks before it acts.</summary>
    Asking,

    /// <summary>As if it were known to take messages up within its turn.</summary>
    Steering,

    /// <summary>With the login of a subscription.</summary>
    AsSubscriber,
}
