import { expect, it } from 'vitest';
import { traditional } from '../../../core/language/traditional.ts';

it('writes as Taiwan does', () => {
  expect(traditional('搜索：在多个聊天里使用同一个账号')).toBe('搜尋：在多個聊天裡使用同一個帳號');
  expect(traditional('完成课程后获得的身份组')).toBe('完成課程後獲得的身分組');
  expect(traditional('Excel')).toBe('Excel');
});
