using System.Globalization;
using Drover.Api;
using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Many messages to each real agent at random moments of its protocol, while the server is killed now and then: the model is given each of them exactly once,
/// or the message is reported as refused or unknown. <c>DROVER_STEERS=N</c> says how many in all, <c>DROVER_SEED=N</c> repeats a day.</summary>
public sealed class SteerTests
{
    private static readonly int s_each = Number("DROVER_STEERS", 40) / RealAgentTests.Names.Count;
    private static readonly int s_seed = Number("DROVER_SEED", 1);
    private static readonly Together<string> s_together = new(RealAgentTests.Names, Steer);

    /// <summary>Who takes messages into the running turn only when told to.</summary>
    private static readonly Dictionary<string, string> s_options = new() { ["opencode"] = "{steers: \"true\"}" };

    public static TheoryData<string> Agents => [.. RealAgentTests.Names];

    [Theory]
    [MemberData(nameof(Agents))]
    public Task Each_message_reaches_the_model_once_or_is_said_not_to_have(string agent) => s_together.Of(agent);

    private static async Task Steer(string agent)
    {
        var random = new Random(s_seed + agent.Length);
        await using var real = await RealTrial.Begin(agent, _ => Script, s_options.GetValueOrDefault(agent));
        var trial = real.Trial;
        List<(string Text, SteerJson Steer)> said = [];
        RunJson? run = null;
        while (said.Count < s_each)
        {
            run ??= await real.Start();
            // The moment is what chance chooses; nothing is waited for here.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500)), TimeProvider.System);
            var text = $"STEER<{agent}-{said.Count}>";
            var mode = random.Next(5) switch { 0 => "next", 1 => "interrupt", _ => "now" };
            if (random.Next(40) == 0) trial.Server.Kill();
            try
            {
                said.Add((text, await trial.Person.Say(run.Id, $"{text} please", mode)));
            }
            catch (RefusedException e) when (e.Problem.Code == "not_live")
            {
                await trial.Settled(run);
                run = null;
            }
        }

        await trial.Settled(run!);
        await Eventually.True(() => said.All(s => Fate(trial, s.Steer) is not null), () => string.Join('\n', said.Where(s => Fate(trial, s.Steer) is null).Select(s => s.Text)));
        var wrong = said.Select(s => (s.Text, Fate: Fate(trial, s.Steer)!, Times: real.TimesGiven(s.Text)))
            .Where(s => s.Fate switch { "steer.acknowledged" => s.Times != 1, "steer.refused" => s.Times != 0, _ => s.Times > 1 });
        Assert.True(!wrong.Any(), $"seed {s_seed}:\n{string.Join('\n', wrong)}\n{trial.Server.Log}");
        Assert.Contains(said, s => Fate(trial, s.Steer) == "steer.acknowledged");
    }

    private static string? Fate(Trial trial, SteerJson steer) => trial.Feed.Events
        .SingleOrDefault(e => e.Type is "steer.acknowledged" or "steer.refused" or "steer.unknown" && e.Data.GetProperty("steer").GetString() == steer.Id)?.Type;

    /// <summary>Every turn has moments of each kind: text that is being written, an open tool call, a model that thinks, and the turn's end.</summary>
    private const string Script = """
        rules:
          - when: Whatever comes
            turns:
              -
                - edit: {path: src/work.txt, content: "work\n"}
                - commit: Work
                - repeat: {times: 20, steps: [{say: {text: I read and think about it., chunk: 4, delay: 20ms}}, {tool: {run: sleep 0.2}}, {pause: 100ms}]}
                - say: Done.
            default:
              - say: {text: I do as I am told., chunk: 4, delay: 20ms}
              - tool: {run: sleep 0.2}
              - tool: {run: "true"}
              - pause: 100ms
              - say: Done.
        """;

    private static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : usual;
}
