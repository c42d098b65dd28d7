using System.Text;
using Drover.Agents.Reading;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Recordings that were damaged on the way.</summary>
public sealed class MutationTests
{
    private const int Seed = 20261120;

    private static readonly byte[] s_unheardOf = """{"type":"unheard_of","method":"unheard/of","params":{}}"""u8.ToArray();

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_dropped_line_never_makes_a_success(string name) => Mutate(name, (lines, at, _) => lines.RemoveAt(at));

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_repeated_line_never_makes_a_success(string name) => Mutate(name, (lines, at, _) => lines.Insert(at, lines[at]));

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_line_that_is_cut_never_makes_a_success(string name) =>
        Mutate(name, (lines, at, random) => lines[at] = lines[at] with { Bytes = lines[at].Bytes[..random.Next(1, lines[at].Bytes.Length)] });

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void Two_lines_in_the_wrong_order_never_make_a_success(string name) => Mutate(name, (lines, at, _) =>
    {
        if (at > 0) (lines[at - 1], lines[at]) = (lines[at], lines[at - 1]);
    });

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_line_of_an_unknown_type_changes_nothing(string name)
    {
        var whole = Replay.Of(GoldenTests.Named(name));

        Mutate(name, (lines, at, _) => lines.Insert(at, new(at, FromAgent: true, s_unheardOf)),
            damaged => Assert.Equal(whole.Endings.Select(EventText.Ending), damaged.Endings.Select(EventText.Ending)));
    }

    /// <summary>A stream that stops before its end: whatever had been said, what was open has failed.</summary>
    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_recording_that_breaks_off_has_no_more_successes_than_ends_of_turns_before_it(string name)
    {
        var capture = GoldenTests.Named(name);
        var recording = capture.Recording;
        var before = 0;
        for (var length = 0; length <= recording.Lines.Count; length++)
        {
            var replay = Replay.Of(capture, recording with { Lines = [.. recording.Lines.Take(length)] });

            var now = Successes(replay);
            Assert.False(replay.State.TurnOpen);
            Assert.True(now >= before, $"{name}: a success after {length - 1} lines is none any more after {length}");
            before = now;
        }

        Assert.Equal(Successes(Replay.Of(capture)), before);
    }

    /// <summary>Cut off anywhere, also within the frame that a transcript puts around its lines.</summary>
    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void A_file_that_is_cut_off_never_makes_a_success(string name)
    {
        var capture = GoldenTests.Named(name);
        var bytes = File.ReadAllBytes(capture.File);
        var succeeded = Successes(Replay.Of(capture));
        var random = new Random(Seed);
        for (var round = 0; round < 10 && bytes.Length > 0; round++)
        {
            var text = Encoding.UTF8.GetString(bytes.AsSpan(0, random.Next(bytes.Length)));
            var lines = text.Split('\n').Select((line, at) => new RecordedLine(at + 1, FromAgent: true, Encoding.UTF8.GetBytes(line)));

            var replay = Replay.Of(capture, Recording.Of(lines));

            Assert.True(Successes(replay) <= succeeded, $"seed {Seed}, round {round}, after {text.Length} characters");
            Assert.False(replay.State.TurnOpen);
        }
    }

    [Theory, MemberData(nameof(GoldenTests.Names), MemberType = typeof(GoldenTests))]
    public void Many_damages_at_once_throw_nothing(string name)
    {
        var capture = GoldenTests.Named(name);
        var random = new Random(Seed);
        for (var round = 0; round < 50; round++)
        {
            List<RecordedLine> lines = [.. capture.Recording.Lines];
            for (var i = 0; i < 5 && lines.Count > 1; i++)
            {
                var at = random.Next(lines.Count);
                if (!lines[at].FromAgent) continue;
                switch (random.Next(3))
                {
                    case 0: lines.RemoveAt(at); break;
                    case 1: lines.Insert(random.Next(lines.Count), lines[at]); break;
                    default: lines[at] = lines[at] with { Bytes = lines[at].Bytes[..random.Next(lines[at].Bytes.Length)] }; break;
                }
            }

            var replay = Replay.Of(capture, capture.Recording with { Lines = lines });
            Assert.False(replay.State.TurnOpen, $"seed {Seed}, round {round}");
        }
    }

    private static int Successes(Replay replay) => replay.Endings.Count(e => e.Outcome == Outcome.Succeeded);

    /// <summary>Damages each of the agent's lines in turn. No success may appear that the whole recording does not have.</summary>
    private static void Mutate(string name, Action<List<RecordedLine>, int, Random> damage, Action<Replay>? check = null)
    {
        var capture = GoldenTests.Named(name);
        var recording = capture.Recording;
        var succeeded = Successes(Replay.Of(capture));
        var random = new Random(Seed);
        for (var at = 0; at < recording.Lines.Count; at++)
        {
            List<RecordedLine> lines = [.. recording.Lines];
            if (!lines[at].FromAgent) continue;
            damage(lines, at, random);

            var replay = Replay.Of(capture, recording with { Lines = lines });

            var line = Encoding.UTF8.GetString(recording.Lines[at].Bytes.Span);
            var now = Successes(replay);
            Assert.True(now <= succeeded, $"{name}, line {at + 1} damaged (seed {Seed}): {now} successes where there were {succeeded}: {line[..Math.Min(300, line.Length)]}");
            Assert.False(replay.State.TurnOpen);
            check?.Invoke(replay);
        }
    }
}
