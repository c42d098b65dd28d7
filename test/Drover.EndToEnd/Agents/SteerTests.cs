using System.Collections.Concurrent;
using System.Globalization;
using Drover.Api;
using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Many messages to each real agent at random moments of its protocol, while the server is killed now and then: the model is given each of them exactly once,
/// or the message is reported as refused or unknown. <c>DROVER_STEERS=N</c> says how many in all, <c>DROVER_SEED=N</c> repeats a day,
/// and <c>DROVER_AGENTS=codex,pi</c> chooses the agents.</summary>
public sealed class SteerTests
{
    private const int MostUnderWay = 4;
    private const int MostInARun = 50;

    private static readonly int s_each = Number("DROVER_STEERS", 40) / RealAgentTests.Names.Count;
    private static readonly int s_seed = Number("DROVER_SEED", 1);
    private static readonly Together<string> s_together = new(RealAgentTests.Names, Steer);

    private static readonly ConcurrentDictionary<string, string> s_fates = new();

    public static TheoryData<string> Agents => [.. RealAgentTests.Names];

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Each_message_reaches_the_model_once_or_is_said_not_to_have(string agent)
    {
        await s_together.Of(agent);
        TestContext.Current.TestOutputHelper?.WriteLine($"{agent}: {s_fates[agent]}");
    }

    private static async Task Steer(string agent)
    {
        var random = new Random(s_seed + agent.Length);
        await using var real = await RealTrial.Begin(agent, _ => Script);
        var trial = real.Trial;
        var fates = new Fates(trial);
        List<(string Text, SteerJson Steer)> said = [];
        RunJson? run = null;
        while (said.Count < s_each)
        {
            run ??= await real.Start();
            // The moment is what chance chooses; nothing is waited for here but that an agent which takes one message per turn keeps up.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500)), TimeProvider.System);
            await Eventually.True(() => said.Count - fates.Known(said) < MostUnderWay, () => $"the first of these is told:\n{Untold(said, fates)}\n{trial.Server.Log}");
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

            // A conversation does not grow without end, so that the agent need not sum it up.
            if (run is null || said.Count % MostInARun != 0) continue;
            await trial.Settled(run);
            run = null;
        }

        if (run is not null) await trial.Settled(run);
        await Eventually.True(() => fates.Known(said) == said.Count, () => Untold(said, fates));
        var wrong = said.Select(s => (s.Text, Fate: fates.Of(s.Steer)!, Times: real.MostTimesGiven(s.Text)))
            .Where(s => s.Fate switch { "steer.acknowledged" => s.Times != 1, "steer.refused" => s.Times != 0, _ => s.Times > 1 }).ToList();
        Assert.True(wrong.Count == 0, $"seed {s_seed}:\n{string.Join('\n', wrong)}\n{trial.Server.Log}");
        Assert.Contains(said, s => fates.Of(s.Steer) == "steer.acknowledged");
        s_fates[agent] = string.Join(", ", said.GroupBy(s => fates.Of(s.Steer)).Select(g => $"{g.Count()} {g.Key}"));
    }

    private static string Untold(IEnumerable<(string Text, SteerJson Steer)> said, Fates fates) => string.Join('\n', said.Where(s => fates.Of(s.Steer) is null).Select(s => s.Text));

    /// <summary>What the feed has told of each message, gathered as it comes.</summary>
    private sealed class Fates(Trial trial)
    {
        private readonly Dictionary<string, string> _told = [];
        private int _seen;

        public string? Of(SteerJson steer) => _told.GetValueOrDefault(steer.Id);

        public int Known(IReadOnlyList<(string Text, SteerJson Steer)> said)
        {
            var events = trial.Feed.Events;
            // A message has one fate: a second is an error of the server, which the dictionary does not take.
            foreach (var e in events.Skip(_seen).Where(e => e.Type is "steer.acknowledged" or "steer.refused" or "steer.unknown"))
                _told.Add(e.Data.GetProperty("steer").GetString()!, e.Type);
            _seen = events.Count;
            return said.Count(s => Of(s.Steer) is not null);
        }
    }

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
