using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Recordings that were damaged on the way.</summary>
public sealed class MutationTests
{
    private const int Seed = 20261120;

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_dropped_line_never_makes_a_success(string name) => Mutate(name, (lines, at, _) => lines.RemoveAt(at));

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_repeated_line_never_makes_a_success(string name) => Mutate(name, (lines, at, _) => lines.Insert(at, lines[at]));

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_line_that_is_cut_never_makes_a_success(string name) => Mutate(name, (lines, at, random) =>
    {
        var text = lines[at].Json;
        lines[at] = lines[at] with { Json = text[..random.Next(1, text.Length)] };
    });

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_line_of_an_unknown_type_changes_nothing(string name)
    {
        var capture = GoldenTests.Named(name);
        var whole = Run(capture, [.. Lines(capture)]);

        Mutate(name, (lines, at, _) => lines.Insert(at, new(true, """{"type":"unheard_of","method":"unheard/of","params":{}}""")),
            damaged => Assert.Equal(whole.Endings.Select(EventText.Ending), damaged.Endings.Select(EventText.Ending)));
    }

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void Many_damages_at_once_throw_nothing(string name)
    {
        var capture = GoldenTests.Named(name);
        var random = new Random(Seed);
        for (var round = 0; round < 50; round++)
        {
            List<Damaged> lines = [.. Lines(capture)];
            for (var i = 0; i < 5 && lines.Count > 1; i++)
            {
                var at = random.Next(lines.Count);
                if (!lines[at].FromAgent) continue;
                switch (random.Next(3))
                {
                    case 0: lines.RemoveAt(at); break;
                    case 1: lines.Insert(random.Next(lines.Count), lines[at]); break;
                    default: lines[at] = lines[at] with { Json = lines[at].Json[..random.Next(lines[at].Json.Length)] }; break;
                }
            }

            var driver = Run(capture, lines);
            Assert.False(driver.State.TurnOpen, $"seed {Seed}, round {round}");
        }
    }

    private sealed record Damaged(bool FromAgent, string Json);

    private static IEnumerable<Damaged> Lines(Capture capture) => capture.Lines.Select(l => new Damaged(l.FromAgent, l.Message.ToJsonString()));

    /// <summary>Damages each of the agent's lines in turn. No success may appear that the whole recording does not have.</summary>
    private static void Mutate(string name, Action<List<Damaged>, int, Random> damage, Action<Driver>? check = null)
    {
        var capture = GoldenTests.Named(name);
        var whole = Run(capture, [.. Lines(capture)]);
        var succeeded = whole.Endings.Count(e => e.Outcome == Outcome.Succeeded);
        var random = new Random(Seed);
        for (var at = 0; at < capture.Lines.Count; at++)
        {
            List<Damaged> lines = [.. Lines(capture)];
            if (!lines[at].FromAgent) continue;
            damage(lines, at, random);

            var driver = Run(capture, lines);

            var line = capture.Lines[at].Message.ToJsonString();
            var now = driver.Endings.Count(e => e.Outcome == Outcome.Succeeded);
            Assert.True(now <= succeeded, $"{name}, line {at + 1} damaged (seed {Seed}): {now} successes where there were {succeeded}: {line[..Math.Min(300, line.Length)]}");
            Assert.False(driver.State.TurnOpen);
            check?.Invoke(driver);
        }
    }

    private static Driver Run(Capture capture, List<Damaged> lines) => Replay.Of(capture, lines.Select(l => (l.FromAgent, l.Json))).Driver;
}
