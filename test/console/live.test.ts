import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Changes } from '../../api/console/changes.ts';
import { LivePages } from '../../api/console/live.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

class Page extends EventEmitter {
  written = '';
  isOver = false;
  writeHead(): void {}
  write(text: string): void {
    this.written += text;
  }
  end(): void {
    this.isOver = true;
    this.emit('close');
  }
}

it('a live page ends with its session, and watches no more', () => {
  const stop = vi.fn();
  const changes = { watch: () => stop } as unknown as Changes;
  let isSignedIn = true;
  const page = new Page();
  const request = { query: {}, socket: { server: { listening: true } } } as unknown as Request;
  const viewer = { name: 'olga', isSignedIn: () => isSignedIn };
  new LivePages(changes).stream(viewer, request, page as unknown as Response);
  vi.advanceTimersByTime(60_000);
  expect(page.written).toContain(': alive');
  expect(page.isOver).toBe(false);
  isSignedIn = false;
  vi.advanceTimersByTime(60_000);
  expect(page.isOver).toBe(true);
  expect(stop).toHaveBeenCalledOnce();
});
