using System.Text;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class InputFileTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    /// <summary>The three frames that every test stores: 4, 5 and 6 bytes.</summary>
    private static readonly InputFrame[] Stored = [Frame(0, "one\n"), Frame(4, "two.\n"), Frame(9, "three\n")];

    private const long StoredEnd = 15;

    [Fact]
    public void Wherever_an_append_was_torn_the_next_one_completes_it()
    {
        for (var torn = 0; torn <= StoredEnd; torn++)
        {
            var job = Empty();
            File.WriteAllText(job.In, "one\ntwo.\nthree\n"[..torn]);

            Assert.IsType<InputResult.Whole>(InputFile.Append(job, StoredEnd, Stored));

            Assert.Equal("one\ntwo.\nthree\n", File.ReadAllText(job.In));
        }
    }

    [Fact]
    public void An_append_stops_at_the_stored_end_given()
    {
        var job = Empty();

        Assert.IsType<InputResult.Whole>(InputFile.Append(job, 6, Stored));

        Assert.Equal("one\ntw", File.ReadAllText(job.In));
    }

    [Fact]
    public void An_input_longer_than_what_is_stored_was_written_by_others_and_is_left_alone()
    {
        var job = Empty();
        File.WriteAllText(job.In, "one\ntwo.\nthree\nfour\n");

        Assert.Equal(new InputResult.WrittenByOthers(20), InputFile.Append(job, StoredEnd, Stored));

        Assert.Equal("one\ntwo.\nthree\nfour\n", File.ReadAllText(job.In));
    }

    [Fact]
    public void Frames_that_leave_a_gap_are_not_written()
    {
        var job = Empty();

        Assert.Equal(new InputResult.FramesMissing(0), InputFile.Append(job, StoredEnd, Stored.Skip(1)));
        Assert.Equal(new InputResult.FramesMissing(4), InputFile.Append(job, StoredEnd, [Stored[0], Stored[2]]));
        Assert.Equal(new InputResult.FramesMissing(9), InputFile.Append(job, StoredEnd, Stored.Take(2)));

        Assert.Equal("", File.ReadAllText(job.In));
    }

    [Fact]
    public void A_full_disk_loses_nothing_and_the_same_call_goes_on_later()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        var job = Empty();
        File.Delete(job.In);
        File.CreateSymbolicLink(job.In, "/dev/full");

        Assert.IsType<InputResult.DiskFull>(InputFile.Append(job, StoredEnd, Stored));
        File.Delete(job.In);
        Assert.IsType<InputResult.Whole>(InputFile.Append(job, StoredEnd, Stored));

        Assert.Equal("one\ntwo.\nthree\n", File.ReadAllText(job.In));
    }

    [Fact]
    public async Task A_large_frame_reaches_a_slow_agent_whole_before_its_input_ends()
    {
        var job = await _jobs.StartShell("until [ -e go ]; do sleep 0.01; done; wc -c");
        var bytes = new byte[5_000_000];
        Array.Fill(bytes, (byte)'x');
        Assert.IsType<InputResult.Whole>(InputFile.Append(job, bytes.Length, [new(0, bytes)]));

        var ending = InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(ending.IsCompleted);
        File.WriteAllText(Path.Combine(_jobs.WorkingDirectory, "go"), "");

        Assert.IsType<InputEnd.Delivered>(await ending);
        Assert.Equal(0, await Jobs.ExitCode(job));
        Assert.Equal("5000000", File.ReadAllText(job.Out).Trim());
        Assert.IsType<InputEnd.AlreadyEnded>(await InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_agent_that_does_not_read_blocks_only_its_pump_and_its_input_is_cut_after_the_bound()
    {
        var job = await _jobs.StartShell("echo up; exec sleep 1000");
        var bytes = new byte[1_000_000];
        Assert.IsType<InputResult.Whole>(InputFile.Append(job, bytes.Length, [new(0, bytes)]));

        var end = await InputFile.End(job, TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.InRange(Assert.IsType<InputEnd.Cut>(end).Carried ?? -1, 0, bytes.Length - 1);
        Assert.IsType<JobState.Running>(Keeper.Look(job));
    }

    [Fact]
    public async Task What_was_stored_before_the_keeper_began_is_read_from_the_beginning()
    {
        var job = Empty();
        Assert.IsType<InputResult.Whole>(InputFile.Append(job, StoredEnd, Stored));

        await Jobs.Start(job, _jobs.Shell("cat"));
        await InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(0, await Jobs.ExitCode(job));
        Assert.Equal("one\ntwo.\nthree\n", File.ReadAllText(job.Out));
    }

    [Fact]
    public async Task A_pump_that_someone_killed_ends_the_input()
    {
        var job = await _jobs.StartShell("cat");
        Signals.Send(Identity.Read(job)!.Pump, Drover.Node.Native.SigKill);

        Assert.Equal(0, await Jobs.ExitCode(job));
        Assert.IsType<InputEnd.AlreadyEnded>(await InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    private JobDirectory Empty()
    {
        var job = _jobs.Make();
        Directory.CreateDirectory(job.Path);
        return job;
    }

    private static InputFrame Frame(long offset, string text) => new(offset, Encoding.UTF8.GetBytes(text));
}
