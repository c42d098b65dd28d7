using System.Buffers;
using Drover.Node.Keeping;
using Microsoft.Win32.SafeHandles;

namespace Drover.Node.Spooling;

/// <summary>Reads an agent's output from a watermark on: complete lines only, a slice at a time. Holds a buffer only while a line is unfinished.
/// Not for two threads.</summary>
public sealed class SpoolReader : IDisposable
{
    /// <summary>The longest line handed out, in bytes.</summary>
    public const int LongestLine = 10 * 1024 * 1024;

    /// <summary>The most that one read takes from the spool, in bytes.</summary>
    public const int SliceSize = 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;
    private const byte LineFeed = (byte)'\n';

    private readonly SafeFileHandle _file;
    private byte[] _buffer = [];
    private int _consumed, _filled;
    private long _lineStart, _passed;
    private bool _passing;
    private bool _begun;
    private readonly List<byte[]> _left = [];

    private SpoolReader(SafeFileHandle file, long watermark) => (_file, _lineStart) = (file, watermark);

    /// <summary>Opens the job's output at a watermark that an earlier slice gave (0 for a new job). To read something again, open again.</summary>
    public static SpoolReader Open(JobDirectory job, long watermark) =>
        new(File.OpenHandle(job.Out, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), watermark);

    /// <summary>Takes at most <see cref="SliceSize"/> bytes. Dispose the slice before the next read.</summary>
    public SpoolRead Read()
    {
        var length = RandomAccess.GetLength(_file);
        if (length < ReadTo) return new SpoolRead.ShorterThanWatermark(length);
        if (!_begun && length > _lineStart && Blocks.NextData(_file, _lineStart) != _lineStart) return new SpoolRead.Freed();
        _begun = true;
        var items = new List<SpoolItem>();
        var left = (int)Math.Min(SliceSize, length - ReadTo);
        while (left > 0)
        {
            MakeRoom(left);
            var got = RandomAccess.Read(_file, _buffer.AsSpan(_filled, Math.Min(left, _buffer.Length - _filled)), ReadTo);
            if (got == 0) break;
            var from = _filled;
            _filled += got;
            left -= got;
            TakeLines(items, from);
        }

        return new SpoolRead.Slice(this, items, _lineStart, atEnd: ReadTo >= length);
    }

    /// <summary>Hands out what stands after the last line feed as a line too. Only when no process can write any more and <see cref="Read"/> is at the end.</summary>
    public SpoolRead ReadLast()
    {
        List<SpoolItem> items = _passing ? [new SpoolItem.TooLong(_lineStart, _passed)]
            : _filled > _consumed ? [new SpoolItem.Line(_lineStart, _buffer.AsMemory(_consumed, _filled - _consumed))]
            : [];
        _lineStart = ReadTo;
        (_passing, _passed, _consumed) = (false, 0, _filled);
        return new SpoolRead.Slice(this, items, _lineStart, atEnd: true);
    }

    /// <summary>The first byte of the spool that has not been read.</summary>
    private long ReadTo => _lineStart + (_passing ? _passed : _filled - _consumed);

    private void TakeLines(List<SpoolItem> items, int from)
    {
        while (_buffer.AsSpan(from, _filled - from).IndexOf(LineFeed) is >= 0 and var at)
        {
            var end = from + at;
            var line = _passing ? _passed + (end - _consumed) : end - _consumed;
            items.Add(line <= LongestLine && !_passing
                ? new SpoolItem.Line(_lineStart, _buffer.AsMemory(_consumed, end - _consumed))
                : new SpoolItem.TooLong(_lineStart, line));
            _lineStart += line + 1;
            (_passing, _passed, _consumed) = (false, 0, end + 1);
            from = end + 1;
        }

        if (_passing || _filled - _consumed > LongestLine)
        {
            _passed += _filled - _consumed;
            _passing = true;
            _consumed = _filled;
        }
    }

    /// <summary>Makes room for at least one byte, at most what is wanted. Lines handed out in this read stay where they are: the buffer they lie in is left to them.</summary>
    private void MakeRoom(int wanted)
    {
        if (_buffer.Length > _filled) return;
        var carried = _filled - _consumed;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, Math.Min(carried + wanted, LongestLine + FirstBuffer)));
        _buffer.AsSpan(_consumed, carried).CopyTo(larger);
        _left.Add(_buffer);
        (_buffer, _consumed, _filled) = (larger, 0, carried);
    }

    internal void Release()
    {
        foreach (var buffer in _left.Where(b => b.Length > 0)) ArrayPool<byte>.Shared.Return(buffer);
        _left.Clear();
        var carried = _filled - _consumed;
        if (carried > 0 || _buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _consumed, _filled) = ([], 0, 0);
    }

    public void Dispose()
    {
        Release();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _file.Dispose();
    }
}
